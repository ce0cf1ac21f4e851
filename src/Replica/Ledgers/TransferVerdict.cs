namespace Decent.Replica.Ledgers;

/// <summary>What the ledger decided about a transfer or an approval; one case per variant of its interface.</summary>
internal abstract record TransferVerdict
{
    private TransferVerdict()
    {
    }

    public sealed record Ok(ulong Block) : TransferVerdict;

    public sealed record Duplicate(ulong Block) : TransferVerdict;

    public sealed record BadFee(UInt128 Expected) : TransferVerdict;

    public sealed record BadBurn(UInt128 Minimum) : TransferVerdict;

    public sealed record InsufficientFunds(UInt128 Balance) : TransferVerdict;

    public sealed record InsufficientAllowance(UInt128 Allowance) : TransferVerdict;

    public sealed record AllowanceChanged(UInt128 Current) : TransferVerdict;

    public sealed record Expired(ulong LedgerTime) : TransferVerdict;

    public sealed record TooOld : TransferVerdict;

    public sealed record CreatedInFuture(ulong LedgerTime) : TransferVerdict;

    public sealed record GenericError(ulong Code, string Message) : TransferVerdict;
}
