namespace Decent.Ledger.Books;

/// <summary>Side on which an account's balance grows.</summary>
public enum NormalSide
{
    /// <summary>Assets and expenses.</summary>
    Debit,

    /// <summary>Liabilities, income and equity.</summary>
    Credit,
}

/// <summary>Whether the books may still say no.</summary>
public enum PostingAuthority
{
    /// <summary>We are about to do something: floors and limits decide.</summary>
    Intent,

    /// <summary>Something happened outside already: it is posted, and a breach is reported instead of refused.</summary>
    Fact,
}

/// <summary>One line of a posting.</summary>
/// <param name="Account">Path of the account, see <see cref="ChartOfAccounts" />.</param>
/// <param name="Amount">Above zero = debit, below zero = credit; never zero.</param>
public sealed record Leg(string Account, Money Amount)
{
    /// <summary>A debit of a positive amount.</summary>
    public static Leg Debit(string account, Money amount) => new(account, amount);

    /// <summary>A credit of a positive amount.</summary>
    public static Leg Credit(string account, Money amount) => new(account, -amount);
}

/// <summary>What caused a posting: a contract, a transfer, a webhook, a rate.</summary>
/// <param name="Kind">Kind of thing, such as <c>contract</c>, <c>payout</c>, <c>transfer</c>, <c>price_round</c>.</param>
/// <param name="Id">Its id within the kind.</param>
public sealed record Link(string Kind, string Id);

/// <summary>Consumes (part of) a hold together with a posting.</summary>
/// <param name="HoldId">The hold.</param>
/// <param name="Amount">Positive amount taken out of the hold; the posting's legs move the money itself.</param>
/// <param name="CloseRemainder">True to void what remains in the hold afterwards.</param>
public sealed record HoldSettlement(Guid HoldId, Money Amount, bool CloseRemainder);

/// <summary>An operation of a <see cref="BooksBatch" />.</summary>
public abstract record BooksOperation
{
    private protected BooksOperation()
    {
    }

    /// <summary>Key under which this operation happens at most once, unique in the books.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>Why, as a stable snake_case word such as <c>collection_settled</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>What caused it.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];
}

/// <summary>Legs that sum to zero per asset, posted as one.</summary>
public sealed record Posting : BooksOperation
{
    /// <summary>Id of the posting (UUIDv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>When it happened in the business's eyes; recorded time is kept beside it.</summary>
    public required DateTimeOffset EffectiveAt { get; init; }

    /// <summary>The lines; two or more, zero per asset.</summary>
    public required IReadOnlyList<Leg> Legs { get; init; }

    /// <summary>Whether floors may refuse it.</summary>
    public PostingAuthority Authority { get; init; } = PostingAuthority.Intent;

    /// <summary>Holds this posting consumes.</summary>
    public IReadOnlyList<HoldSettlement> Settles { get; init; } = [];
}

/// <summary>Reserves an amount on an account before an outside effect; counts against what is available at once.</summary>
public sealed record HoldPlacement : BooksOperation
{
    /// <summary>Id of the hold (UUIDv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>Account whose balance is reserved.</summary>
    public required string Account { get; init; }

    /// <summary>Positive amount, on the account's normal side.</summary>
    public required Money Amount { get; init; }
}

/// <summary>Gives a hold back because the effect it waited for did not happen.</summary>
public sealed record HoldRelease : BooksOperation
{
    /// <summary>The hold.</summary>
    public required Guid HoldId { get; init; }

    /// <summary>What proves that the effect did not and will not happen.</summary>
    public required string Evidence { get; init; }
}

/// <summary>Operations applied together, in order, in one call to the books.</summary>
public sealed class BooksBatch
{
    private readonly List<BooksOperation> _operations = [];

    /// <summary>The operations in order.</summary>
    public IReadOnlyList<BooksOperation> Operations => _operations;

    /// <summary>True when nothing was added.</summary>
    public bool IsEmpty => _operations.Count == 0;

    /// <summary>Adds an operation.</summary>
    public void Add(BooksOperation operation) => _operations.Add(operation);
}
