using Decent.Api.Composition;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;

namespace Decent.Api.Endpoints;

/// <summary>An account with its balance.</summary>
/// <param name="Account">Path.</param>
/// <param name="Side"><c>debit</c> or <c>credit</c>.</param>
/// <param name="Balance">Balance on its side.</param>
/// <param name="Held">Reserved.</param>
/// <param name="Available">Balance less held.</param>
public sealed record AccountBody(string Account, NormalSide Side, AmountView Balance, AmountView Held, AmountView Available);

/// <summary>Sums over the whole journal for an asset.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Debits">All debits.</param>
/// <param name="Credits">All credits.</param>
/// <param name="Balanced">Whether they are equal.</param>
public sealed record TrialBalanceBody(string Asset, AmountView Debits, AmountView Credits, bool Balanced);

/// <summary>A line of a posting.</summary>
/// <param name="Account">Path.</param>
/// <param name="Side"><c>debit</c> or <c>credit</c>.</param>
/// <param name="Amount">Positive amount.</param>
public sealed record LegBody(string Account, NormalSide Side, AmountView Amount);

/// <summary>A posting as recorded.</summary>
/// <param name="Sequence">Order of recording; a cursor.</param>
/// <param name="Id">Its id.</param>
/// <param name="Reason">Why.</param>
/// <param name="EffectiveAt">When it happened.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="Legs">Lines.</param>
/// <param name="Links">Causes as kind:id.</param>
/// <param name="Hash">SHA-256 of the canonical encoding, hex.</param>
public sealed record PostingBody(
    long Sequence,
    Guid Id,
    string Reason,
    DateTimeOffset EffectiveAt,
    DateTimeOffset RecordedAt,
    IReadOnlyList<LegBody> Legs,
    IReadOnlyList<string> Links,
    string Hash);

/// <summary>The books, for reading.</summary>
internal static class BooksEndpoints
{
    private const int MaxAccounts = 1000;

    public static void MapBooks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/books/accounts", AccountsAsync).WithName("ListAccounts").RequireAuthorization(Scopes.BooksRead);
        api.MapGet("/books/trial-balance", TrialBalanceAsync).WithName("GetTrialBalance").RequireAuthorization(Scopes.BooksRead);
        api.MapGet("/books/postings", PostingsAsync).WithName("ListPostings").RequireAuthorization(Scopes.BooksRead);
    }

    /// <summary>Accounts by prefix with their balances, at most 1,000.</summary>
    private static async Task<Page<AccountBody>> AccountsAsync(
        IBooksReader books, string? prefix, CancellationToken cancellationToken)
    {
        var balances = await books.BalancesAsync(prefix ?? "", MaxAccounts, cancellationToken);
        return new Page<AccountBody>(
            [.. balances.Select(b => new AccountBody(
                b.Account, b.Side, AmountView.Of(b.Balance), AmountView.Of(b.Held), AmountView.Of(b.Available)))],
            null);
    }

    /// <summary>Debits and credits of the whole journal, per asset.</summary>
    private static async Task<Page<TrialBalanceBody>> TrialBalanceAsync(IBooksReader books, CancellationToken cancellationToken)
    {
        var lines = await books.TrialBalanceAsync(cancellationToken);
        return new Page<TrialBalanceBody>(
            [.. lines.Select(l => new TrialBalanceBody(
                l.Asset.Code, AmountView.Of(l.Debits), AmountView.Of(l.Credits), l.Debits == l.Credits))],
            null);
    }

    /// <summary>Postings that carry a link (<c>link=contract:c-1</c>), or those of an account (<c>account=…&amp;asset=USD</c>).</summary>
    private static async Task<Page<PostingBody>> PostingsAsync(
        IBooksReader books,
        AssetRegistry assets,
        string? link,
        string? account,
        string? asset,
        long? after,
        int? limit,
        CancellationToken cancellationToken)
    {
        if (link is not null && link.Split(':', 2) is [var kind, var id] && kind.Length > 0 && id.Length > 0)
        {
            return new Page<PostingBody>([.. (await books.PostingsByLinkAsync(new Link(kind, id), cancellationToken)).Select(Body)], null);
        }

        if (account is null || assets.Find(asset) is not { } found)
        {
            throw new RefusedException(
                "parameter_invalid", "Ask for link=kind:id, or for account=path with asset=code.", RefusalKind.Invalid);
        }

        var size = Paging.Of(null, limit).CheckedLimit();
        var postings = await books.PostingsByAccountAsync(account, found, after ?? 0, size, cancellationToken);
        var next = postings.Count == size ? postings[^1].Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        return new Page<PostingBody>([.. postings.Select(Body)], next);
    }

    private static PostingBody Body(PostingRecord posting) => new(
        posting.Sequence,
        posting.Id,
        posting.Reason,
        posting.EffectiveAt,
        posting.RecordedAt,
        [.. posting.Legs.Select(l => new LegBody(
            l.Account,
            l.Amount.IsPositive ? NormalSide.Debit : NormalSide.Credit,
            AmountView.Of(l.Amount.IsPositive ? l.Amount : -l.Amount)))],
        [.. posting.Links.Select(l => $"{l.Kind}:{l.Id}")],
        Convert.ToHexStringLower(posting.Hash.Span));
}
