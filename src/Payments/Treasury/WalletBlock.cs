using Decent.Canister.Client;
using Decent.Payments.Transfers;

namespace Decent.Payments.Treasury;

/// <summary>How a block touches our account.</summary>
internal enum WalletDirection
{
    /// <summary>Money came.</summary>
    In,

    /// <summary>Money (or an approval's fee) left.</summary>
    Out,

    /// <summary>From our account to our account.</summary>
    Self,
}

/// <summary>A block that touches our account.</summary>
/// <param name="Block">The block.</param>
/// <param name="Direction">How it touches it.</param>
internal sealed record WalletBlock(LedgerBlock Block, WalletDirection Direction)
{
    /// <summary>The block as ours, or null when it does not touch the account.</summary>
    public static WalletBlock? Of(LedgerBlock block, IcrcAccount wallet) => (
        block.Credits(wallet), block.Debits(wallet)) switch
    {
        (true, true) => new WalletBlock(block, WalletDirection.Self),
        (true, false) when block.Amount > 0 => new WalletBlock(block, WalletDirection.In),
        (false, true) => new WalletBlock(block, WalletDirection.Out),
        _ => null,
    };

    /// <summary>What left the account, the fee included.</summary>
    public Int128 Debit => Direction switch
    {
        WalletDirection.Out => checked((Int128)((Moves ? Block.Amount : 0) + Block.Fee)),
        WalletDirection.Self => checked((Int128)Block.Fee),
        _ => 0,
    };

    /// <summary>An approval names an amount that does not move.</summary>
    public bool Moves => Block.Operation != LedgerOperation.Approve;

    /// <summary>The other side, in words a person can look up.</summary>
    public string Counterparty => Direction == WalletDirection.In
        ? Block.Operation == LedgerOperation.Mint ? "mint" : Block.From?.ToString() ?? Block.FromIdentifier ?? "unknown"
        : Block.Operation == LedgerOperation.Burn ? "burn" : Block.To?.ToString() ?? Block.ToIdentifier ?? "unknown";

    /// <summary>Whether the sender is one of a rail's own accounts.</summary>
    public bool ComesFrom(Decent.Candid.Principal sender) =>
        Direction == WalletDirection.In
        && (Block.From is { } from ? from.Owner.Equals(sender) : Block.Debits(new IcrcAccount(sender)));

    /// <summary>The ledger's time, or the given one when the block has none.</summary>
    public DateTimeOffset At(DateTimeOffset otherwise) =>
        Block.TimestampNs == 0 ? otherwise : LedgerTime.FromUnixNanoseconds(Block.TimestampNs).ToMicroseconds();
}
