namespace Decent.Ledger.Books;

/// <summary>An account with its balance now.</summary>
/// <param name="Account">Path.</param>
/// <param name="Side">Normal side.</param>
/// <param name="Balance">Balance on the normal side.</param>
/// <param name="Held">Sum of open holds.</param>
/// <param name="Available">Balance less holds.</param>
public sealed record AccountBalance(string Account, NormalSide Side, Money Balance, Money Held, Money Available);

/// <summary>One line of the trial balance.</summary>
/// <param name="Asset">Asset of the line.</param>
/// <param name="Debits">Sum of all debits.</param>
/// <param name="Credits">Sum of all credits as a positive amount; equal to the debits in sound books.</param>
public sealed record TrialBalanceLine(Asset Asset, Money Debits, Money Credits);

/// <summary>A posting as recorded.</summary>
/// <param name="Sequence">Order of recording within the journal; for cursors.</param>
/// <param name="Id">Id of the posting.</param>
/// <param name="IdempotencyKey">Its key.</param>
/// <param name="Reason">Why.</param>
/// <param name="EffectiveAt">Business time of the event.</param>
/// <param name="RecordedAt">Time of recording.</param>
/// <param name="Legs">Lines.</param>
/// <param name="Links">Causes.</param>
/// <param name="Hash">SHA-256 of the canonical encoding.</param>
public sealed record PostingRecord(
    long Sequence,
    Guid Id,
    string IdempotencyKey,
    string Reason,
    DateTimeOffset EffectiveAt,
    DateTimeOffset RecordedAt,
    IReadOnlyList<Leg> Legs,
    IReadOnlyList<Link> Links,
    ReadOnlyMemory<byte> Hash);

/// <summary>Reading the books.</summary>
public interface IBooksReader
{
    /// <summary>Balance of one account; zero when nothing was ever posted to it.</summary>
    Task<AccountBalance> BalanceAsync(string account, Asset asset, CancellationToken cancellationToken);

    /// <summary>Balances of all accounts whose path starts with the prefix, ordered by path, at most <paramref name="limit" />.</summary>
    Task<IReadOnlyList<AccountBalance>> BalancesAsync(string prefix, int limit, CancellationToken cancellationToken);

    /// <summary>Sums over the whole journal, per asset.</summary>
    Task<IReadOnlyList<TrialBalanceLine>> TrialBalanceAsync(CancellationToken cancellationToken);

    /// <summary>Postings that carry a link, oldest first.</summary>
    Task<IReadOnlyList<PostingRecord>> PostingsByLinkAsync(Link link, CancellationToken cancellationToken);

    /// <summary>Postings of an account after a cursor (0 = from the start), oldest first.</summary>
    Task<IReadOnlyList<PostingRecord>> PostingsByAccountAsync(
        string account, Asset asset, long afterSequence, int limit, CancellationToken cancellationToken);
}
