using Decent.Ledger.Books;
using Npgsql;

namespace Decent.Payments.Commands;

/// <summary>
/// One open transaction of a command. Domain changes go through <see cref="Transaction" />, postings through <see
/// cref="Books" />.
/// </summary>
public sealed class CommandSession(NpgsqlTransaction transaction, CommandContext context, DateTimeOffset now)
{
    /// <summary>The open transaction; only <see cref="ICommands" /> commits it.</summary>
    public NpgsqlTransaction Transaction { get; } = transaction;

    /// <summary>Its connection.</summary>
    public NpgsqlConnection Connection => Transaction.Connection!;

    /// <summary>Who asks.</summary>
    public CommandContext Context { get; } = context;

    /// <summary>Business time of the command, microseconds; the same for everything in it.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>What the books must apply; sent as the last statement before commit.</summary>
    public BooksBatch Books { get; } = new();
}

/// <summary>
/// Runs commands: one transaction, the idempotency record with the effect, the books last. Deadlocks and
/// serialisation failures repeat the whole command.
/// </summary>
public interface ICommands
{
    /// <summary>Runs a command.</summary>
    /// <param name="context">Who asks, and under which key.</param>
    /// <param name="body">The work; may run more than once, must have no effect outside the transaction.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <typeparam name="T">Type of the answer.</typeparam>
    /// <exception cref="RefusedException">Refused, by the body or because the key was used with another body
    /// (<c>idempotency_conflict</c>); nothing was changed.</exception>
    Task<CommandResult<T>> RunAsync<T>(
        CommandContext context,
        Func<CommandSession, CancellationToken, Task<T>> body,
        CancellationToken cancellationToken);
}
