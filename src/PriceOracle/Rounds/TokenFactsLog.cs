using System.Globalization;
using Dapper;
using Decent.Canister.Client;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;
using Decent.PriceOracle.Sources;

namespace Decent.PriceOracle.Rounds;

/// <inheritdoc cref="ITokenFactsLog" />
internal sealed class TokenFactsLog(OracleStore store) : ITokenFactsLog
{
    private const string UpsertSql = """
        insert into prices.token_facts (ledger, asset, symbol, decimals, fee_units, code, detail, read_at)
        values (@ledger, @asset, @symbol, @decimals, @fee::numeric, @code, @detail, @at)
        on conflict (ledger) do update set asset = excluded.asset, symbol = excluded.symbol, decimals = excluded.decimals,
          fee_units = excluded.fee_units, code = excluded.code, detail = excluded.detail, read_at = excluded.read_at
        """;

    /// <inheritdoc />
    public async Task RecordAsync(
        TokenSettings token, LedgerFacts facts, TokenFault? fault, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            UpsertSql,
            new
            {
                ledger = token.Asset.LedgerCanister!.ToText(),
                asset = token.Asset.Code,
                symbol = facts.Symbol.Replace('\0', ' '),
                decimals = (int)facts.Decimals,
                fee = facts.Fee.ToString(CultureInfo.InvariantCulture),
                code = fault?.Code ?? ReasonCodes.Ok,
                detail = (fault?.Detail ?? "").Replace('\0', ' '),
                at,
            },
            cancellationToken: cancellationToken));
    }
}
