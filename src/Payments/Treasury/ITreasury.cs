using Decent.Payments.Commands;

namespace Decent.Payments.Treasury;

/// <summary>The platform's own accounts on ledger canisters.</summary>
public interface ITreasury
{
    /// <summary>Every token: chain against books.</summary>
    Task<TreasuryOverview> OverviewAsync(CancellationToken cancellationToken);

    /// <summary>Takes an unrecognised deposit as capital of the platform.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="asset">Code of the token.</param>
    /// <param name="block">Index of its block.</param>
    /// <param name="reason">Whose money it is and why it came; never empty.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RefusedException"><c>asset_unknown</c>, <c>not_found</c>, <c>reason_missing</c>,
    /// <c>state_conflict</c> (recognised or accepted already).</exception>
    Task<CommandResult<DepositView>> AcceptDepositAsync(
        CommandContext context, string asset, ulong block, string reason, CancellationToken cancellationToken);

    /// <summary>Deposits, the newest first, at most 200; all states when <paramref name="state" /> is null.</summary>
    Task<IReadOnlyList<DepositView>> DepositsAsync(DepositState? state, CancellationToken cancellationToken);
}

/// <summary>What the platform holds on chain.</summary>
/// <param name="At">Business time of the reading.</param>
/// <param name="Tokens">One line per token, ordered by code.</param>
public sealed record TreasuryOverview(DateTimeOffset At, IReadOnlyList<TokenPosition> Tokens);

/// <summary>One token's position.</summary>
/// <param name="Asset">Code of the token.</param>
/// <param name="Account">Our account, ICRC-1 text.</param>
/// <param name="OnChain">Balance the ledger reports; null when it does not answer now.</param>
/// <param name="Books">Balance in the books.</param>
/// <param name="Held">Reserved for payments on their way.</param>
/// <param name="Available">Books less held.</param>
/// <param name="InFlight">Left the account on chain and not yet in the books.</param>
/// <param name="Difference">On chain less (books less in flight); zero when they agree, null when the ledger does not
/// answer.</param>
/// <param name="NextBlock">First block the deposit watcher has not looked at.</param>
/// <param name="WatchedAt">When it last looked; null before the first time.</param>
public sealed record TokenPosition(
    string Asset,
    string Account,
    AmountView? OnChain,
    AmountView Books,
    AmountView Held,
    AmountView Available,
    AmountView InFlight,
    AmountView? Difference,
    ulong NextBlock,
    DateTimeOffset? WatchedAt);

/// <summary>What a deposit turned out to be.</summary>
public enum DepositState
{
    /// <summary>A rail's relay of a payment.</summary>
    Relay,

    /// <summary>Nobody announced it; waits for a person.</summary>
    Unrecognised,

    /// <summary>Taken as capital by a person.</summary>
    Accepted,
}

/// <summary>Money that came into our account on chain.</summary>
/// <param name="Asset">Code of the token.</param>
/// <param name="Block">Index of the block.</param>
/// <param name="From">Sender: ICRC-1 text, an account identifier, or <c>mint</c>.</param>
/// <param name="Amount">What came.</param>
/// <param name="State">What it turned out to be.</param>
/// <param name="At">The ledger's time of the block.</param>
/// <param name="DecidedBy">Who accepted it, or null.</param>
/// <param name="Reason">Why it was accepted, or null.</param>
public sealed record DepositView(
    string Asset,
    ulong Block,
    string From,
    AmountView Amount,
    DepositState State,
    DateTimeOffset At,
    string? DecidedBy,
    string? Reason);
