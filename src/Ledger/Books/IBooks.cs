using Npgsql;

namespace Decent.Ledger.Books;

/// <summary>A floor or ceiling that a fact went through.</summary>
/// <param name="Account">Path of the account.</param>
/// <param name="Limit">The floor or ceiling on the normal side.</param>
/// <param name="Balance">What the posting left, on the normal side: balance less holds at a floor, balance at a ceiling.</param>
public sealed record BooksBreach(string Account, Money Limit, Money Balance);

/// <summary>What became of one operation.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Id">Id of the posting or hold, the first one's on a replay.</param>
/// <param name="Replayed">True when the same operation (everything but its id) had been applied before under its key;
/// nothing changed now.</param>
/// <param name="Breaches">Limits that a fact went through; empty for intents.</param>
public sealed record BooksOutcome(BooksOperation Operation, Guid Id, bool Replayed, IReadOnlyList<BooksBreach> Breaches);

/// <summary>The double-entry books, written to inside the caller's transaction.</summary>
public interface IBooks
{
    /// <summary>
    /// Applies a batch as the last statement of the caller's transaction: all or none. Accounts are locked in id order.
    /// </summary>
    /// <param name="transaction">The open transaction; the caller commits.</param>
    /// <param name="batch">Operations in order.</param>
    /// <param name="recordedAt">Recorded time; business clock, microseconds.</param>
    /// <param name="cancellationToken">Stops waiting; the transaction must then be rolled back.</param>
    /// <exception cref="BooksRefusedException">An operation was refused; the transaction must be rolled back.</exception>
    /// <exception cref="ArgumentException">A key, reason, link or evidence is empty, too long or not storable.</exception>
    Task<IReadOnlyList<BooksOutcome>> ApplyAsync(
        NpgsqlTransaction transaction, BooksBatch batch, DateTimeOffset recordedAt, CancellationToken cancellationToken);
}

/// <summary>Why the books refused an operation.</summary>
public enum BooksRefusal
{
    /// <summary>A leg is zero, or legs do not sum to zero per asset, or there are fewer than two.</summary>
    Unbalanced,

    /// <summary>The path is not in the chart of accounts, or holds another asset.</summary>
    AccountInvalid,

    /// <summary>The balance less holds would fall below the floor.</summary>
    FloorBreached,

    /// <summary>The balance would rise above the ceiling.</summary>
    CeilingBreached,

    /// <summary>The key was used with another body.</summary>
    IdempotencyConflict,

    /// <summary>No such hold, or it is closed, or it has less left than asked for.</summary>
    HoldInvalid,

    /// <summary>An amount leaves the range of Int128.</summary>
    AmountOutOfRange,
}

/// <summary>The books refused a batch. Nothing of it was applied once the transaction is rolled back.</summary>
public sealed class BooksRefusedException(BooksRefusal refusal, string detail, Guid? firstId = null)
    : InvalidOperationException(detail)
{
    /// <summary>The reason.</summary>
    public BooksRefusal Refusal { get; } = refusal;

    /// <summary>On <see cref="BooksRefusal.IdempotencyConflict" />, the id of the first posting or hold.</summary>
    public Guid? FirstId { get; } = firstId;
}
