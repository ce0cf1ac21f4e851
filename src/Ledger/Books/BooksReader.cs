using System.Globalization;
using System.Numerics;
using Dapper;
using Npgsql;

namespace Decent.Ledger.Books;

/// <inheritdoc cref="IBooksReader" />
/// <remarks>
/// Sequences are drawn while an account is locked, so a cursor over one account neither loses nor repeats a posting,
/// however many are being written.
/// </remarks>
public sealed class BooksReader(NpgsqlDataSource dataSource) : IBooksReader
{
    private const int MaxLimit = 1000;

    /// <inheritdoc />
    public async Task<AccountBalance> BalanceAsync(string account, Asset asset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        var rule = BatchRules.CheckAccount(account, asset);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<BalanceRow>(new CommandDefinition(
            BooksSql.Balance, new { account, asset = asset.Code }, cancellationToken: cancellationToken));
        var zero = Money.Zero(asset);
        return row is null ? new AccountBalance(account, rule.Side, zero, zero, zero) : row.ToBalance();
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<AccountBalance>> BalancesAsync(string prefix, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<BalanceRow>(new CommandDefinition(
            BooksSql.Balances, new { prefix, limit = Math.Clamp(limit, 1, MaxLimit) }, cancellationToken: cancellationToken));
        return [.. rows.Select(r => r.ToBalance())];
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<TrialBalanceLine>> TrialBalanceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<TrialRow>(new CommandDefinition(
            BooksSql.TrialBalance, cancellationToken: cancellationToken));
        return [.. rows.Select(r => r.ToLine())];
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<PostingRecord>> PostingsByLinkAsync(Link link, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(link);
        return await PostingsAsync(BooksSql.SequencesByLink, new { kind = link.Kind, id = link.Id }, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<PostingRecord>> PostingsByAccountAsync(
        string account, Asset asset, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        return await PostingsAsync(
            BooksSql.SequencesByAccount,
            new { account, asset = asset.Code, after = afterSequence, limit = Math.Clamp(limit, 1, MaxLimit) },
            cancellationToken);
    }

    // What is recorded never changes, so the rows of known sequences need no common snapshot.
    private async Task<List<PostingRecord>> PostingsAsync(string sql, object arguments, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var sequences = (await connection.QueryAsync<long>(new CommandDefinition(
            sql, arguments, cancellationToken: cancellationToken))).ToArray();
        if (sequences.Length == 0)
        {
            return [];
        }

        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            BooksSql.Postings, new { sequences }, cancellationToken: cancellationToken));
        var postings = (await results.ReadAsync<PostingRow>()).ToList();
        var legs = (await results.ReadAsync<LegRow>()).ToLookup(r => r.Seq, r => r.ToLeg());
        var links = (await results.ReadAsync<LinkRow>()).ToLookup(r => r.Seq, r => new Link(r.Kind, r.Id));
        return
        [
            .. postings.Select(p => new PostingRecord(
                p.Seq, p.Id, p.Key, p.Reason, p.EffectiveAt, p.RecordedAt, [.. legs[p.Seq]], [.. links[p.Seq]], p.Hash)),
        ];
    }

    private static Int128 Units(string text)
    {
        var exact = BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exact > (BigInteger)Int128.MaxValue || exact < (BigInteger)Int128.MinValue
            ? throw new BooksRefusedException(BooksRefusal.AmountOutOfRange, $"The sum {text} is beyond the range of an amount.")
            : (Int128)exact;
    }

    private sealed record BalanceRow(
        string Path, int Side, string Balance, string Held, string Code, int Scale, string Kind, string? Ledger)
    {
        public AccountBalance ToBalance()
        {
            var asset = AssetText.Parse(Code, Scale, Kind, Ledger);
            var balance = new Money(asset, Units(Balance));
            var held = new Money(asset, Units(Held));
            return new AccountBalance(
                Path, Side == 1 ? NormalSide.Debit : NormalSide.Credit, balance, held, balance - held);
        }
    }

    private sealed record TrialRow(string Code, int Scale, string Kind, string? Ledger, string Debits, string Credits)
    {
        public TrialBalanceLine ToLine()
        {
            var asset = AssetText.Parse(Code, Scale, Kind, Ledger);
            return new TrialBalanceLine(asset, new Money(asset, Units(Debits)), new Money(asset, Units(Credits)));
        }
    }

    private sealed record PostingRow(
        long Seq, Guid Id, string Key, string Reason, DateTimeOffset EffectiveAt, DateTimeOffset RecordedAt, byte[] Hash);

    private sealed record LegRow(long Seq, string Path, string Amount, string Code, int Scale, string Kind, string? Ledger)
    {
        public Leg ToLeg() => new(Path, new Money(AssetText.Parse(Code, Scale, Kind, Ledger), Units(Amount)));
    }

    private sealed record LinkRow(long Seq, string Kind, string Id);
}
