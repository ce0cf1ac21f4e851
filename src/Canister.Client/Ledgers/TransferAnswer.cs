namespace Decent.Canister.Client;

/// <summary>What a ledger answered to a transfer: one case per variant of the interface.</summary>
/// <remarks>A case this program does not know is <see cref="Unrecognised"/> and proves nothing.</remarks>
public abstract record TransferAnswer
{
    private TransferAnswer()
    {
    }

    /// <summary>Executed now.</summary>
    /// <param name="Block">The block index the ledger named.</param>
    public sealed record Ok(ulong Block) : TransferAnswer;

    /// <summary>Executed earlier.</summary>
    /// <param name="Block">The block index of the first execution.</param>
    public sealed record Duplicate(ulong Block) : TransferAnswer;

    /// <summary>Another fee was expected; says nothing about earlier attempts.</summary>
    /// <param name="Expected">The fee the ledger expects, smallest units.</param>
    public sealed record BadFee(UInt128 Expected) : TransferAnswer;

    /// <summary>A burn below the minimum.</summary>
    /// <param name="Minimum">The least amount that can be burned, smallest units.</param>
    public sealed record BadBurn(UInt128 Minimum) : TransferAnswer;

    /// <summary>The source account cannot pay amount and fee.</summary>
    /// <param name="Balance">Its balance, smallest units.</param>
    public sealed record InsufficientFunds(UInt128 Balance) : TransferAnswer;

    /// <summary><c>created_at_time</c> is outside the window; says nothing about earlier attempts.</summary>
    public sealed record TooOld : TransferAnswer;

    /// <summary><c>created_at_time</c> is too far ahead of the ledger's clock.</summary>
    /// <param name="LedgerTimeNs">The ledger's clock, nanoseconds since 1970.</param>
    public sealed record CreatedInFuture(ulong LedgerTimeNs) : TransferAnswer;

    /// <summary>The ledger is throttled or paused; says nothing about earlier attempts.</summary>
    public sealed record TemporarilyUnavailable : TransferAnswer;

    /// <summary>An error of the ledger's own.</summary>
    /// <param name="Code">The ledger's code.</param>
    /// <param name="Message">The ledger's words.</param>
    public sealed record GenericError(UInt128 Code, string Message) : TransferAnswer;

    /// <summary>A variant this program does not know.</summary>
    /// <param name="Tag">Its name, the number of its label, or why the answer cannot be read.</param>
    public sealed record Unrecognised(string Tag) : TransferAnswer;
}
