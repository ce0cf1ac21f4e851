using System.Collections.Concurrent;
using System.Data.Common;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;

namespace Decent.PriceOracle.Sources;

/// <summary>
/// Asks every token's ledger for its decimals, symbol and fee. A token whose ledger says something else than
/// configuration is shut; one whose ledger never answered has not been confirmed and is shut too.
/// </summary>
internal sealed class TokenFacts(OracleSettings settings, IAgent agent, ITokenFactsLog log, TimeProvider time)
    : ITokenFacts
{
    private readonly ConcurrentDictionary<string, Reading> _readings = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = Needed()
            .Where(t => !_readings.TryGetValue(t.Asset.Code, out var r) || r.NextAt <= now || r.Fault is not null);
        await Task.WhenAll(due.Select(t => AskAsync(t, now, cancellationToken)));
    }

    /// <inheritdoc />
    public TokenFault? FaultOf(Asset asset) =>
        !settings.Tokens.TryGetValue(asset.Code, out var token) || token.Asset != asset
            ? new TokenFault(ReasonCodes.Disabled, $"{asset.Code} is not a token of this installation.")
            : _readings.TryGetValue(asset.Code, out var reading)
                ? reading.Fault
                : new TokenFault(ReasonCodes.Call, $"The ledger of {asset.Code} was not asked yet.");

    private IEnumerable<TokenSettings> Needed() => settings.Feeds
        .SelectMany(f => f.Routes.SelectMany(r => r.Path).Append(f.Asset))
        .Select(a => a.Code)
        .Distinct(StringComparer.Ordinal)
        .Select(c => settings.Tokens[c]);

    private async Task AskAsync(TokenSettings token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.SourceTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        TokenFault fault;
        try
        {
            var client = LedgerClients.Create(agent, token.Asset.LedgerCanister!, LedgerProfile.ByName[token.Profile]);
            var facts = await client.FactsAsync(both.Token).WaitAsync(both.Token);
            await KeepAsync(token, facts, now, cancellationToken);
            return;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            fault = new TokenFault(ReasonCodes.Timeout, $"The ledger of {token.Asset.Code} did not answer in time.");
        }
        catch (Exception e) when (e is not (OperationCanceledException or DbException))
        {
            fault = new TokenFault(VenueFaults.CodeOf(e), $"The ledger of {token.Asset.Code}: {e.Message}");
        }

        // A ledger confirmed before does not change its decimals because it is silent now; it is asked again soon.
        var confirmed = _readings.TryGetValue(token.Asset.Code, out var before) && before.Fault is null;
        _readings[token.Asset.Code] = new Reading(confirmed ? null : fault, now + TimeSpan.FromMinutes(5));
    }

    private async Task KeepAsync(TokenSettings token, LedgerFacts facts, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var fault = Compare(token, facts);
        _readings[token.Asset.Code] = new Reading(fault, now + settings.FactsEvery);
        await log.RecordAsync(token, facts, fault, now, cancellationToken);
    }

    private static TokenFault? Compare(TokenSettings token, LedgerFacts facts)
    {
        if (facts.Decimals != token.Asset.Scale)
        {
            return new TokenFault(
                ReasonCodes.Decimals,
                $"The ledger of {token.Asset.Code} has {facts.Decimals} decimals, configured are {token.Asset.Scale}.");
        }

        if (facts.Symbol != token.Symbol)
        {
            return new TokenFault(
                ReasonCodes.Symbol,
                $"The ledger of {token.Asset.Code} calls itself '{facts.Symbol}', configured is '{token.Symbol}'.");
        }

        return facts.Fee == token.FeeUnits
            ? null
            : new TokenFault(ReasonCodes.Fee,
                $"The ledger of {token.Asset.Code} asks a fee of {facts.Fee}, configured is {token.FeeUnits}.");
    }

    private sealed record Reading(TokenFault? Fault, DateTimeOffset NextAt);
}

/// <summary>Keeps what ledgers said, for people to look at.</summary>
internal interface ITokenFactsLog
{
    /// <summary>Keeps the answer of one ledger.</summary>
    Task RecordAsync(
        TokenSettings token, LedgerFacts facts, TokenFault? fault, DateTimeOffset at,
        CancellationToken cancellationToken);
}
