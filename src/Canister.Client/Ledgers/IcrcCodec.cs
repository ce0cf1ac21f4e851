using System.Numerics;
using Decent.Candid;
using Decent.Canister.Client.IcrcLedger;

namespace Decent.Canister.Client;

/// <summary>Between the house's types and those of the ICRC interface, for what all three ledger kinds share.</summary>
internal static class IcrcCodec
{
    public static Account Account(IcrcAccount account) => new(account.Owner, account.Subaccount);

    public static IcrcAccount ReadAccount(Account account) => new(account.Owner, account.Subaccount);

    public static byte[] EncodeTransfer(TransferArgument argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        if (argument.Memo.Length > LedgerProfile.MaxMemoBytes)
        {
            throw new ArgumentException(
                $"A memo has at most {LedgerProfile.MaxMemoBytes} bytes, not {argument.Memo.Length}.",
                nameof(argument));
        }

        if (argument.FromSubaccount is { Length: not IcrcAccount.SubaccountLength })
        {
            throw new ArgumentException(
                $"A subaccount has {IcrcAccount.SubaccountLength} bytes.", nameof(argument));
        }

        return IcrcLedgerCanister.EncodeIcrc1TransferArguments(new TransferArg(
            argument.FromSubaccount,
            Account(argument.To),
            (BigInteger)argument.Amount,
            argument.Fee is { } fee ? (BigInteger)fee : null,
            argument.Memo,
            argument.CreatedAtTimeNs));
    }

    public static TransferAnswer DecodeTransferAnswer(ReadOnlyMemory<byte> reply)
    {
        try
        {
            // A case that the interface gained since reads as unknown and does not make the answer unreadable.
            return IcrcLedgerCanister.DecodeIcrc1TransferReply(reply.Span).Match<TransferAnswer>(
                static ok => new TransferAnswer.Ok(checked((ulong)ok.Value)),
                static err => DecodeError(err.Value),
                static unknown => Unrecognised(unknown.Tag));
        }
        catch (Exception e) when (e is CandidDecodeException or OverflowException)
        {
            return new TransferAnswer.Unrecognised("unreadable: " + e.Message);
        }
    }

    private static TransferAnswer DecodeError(TransferError error) => error.Match<TransferAnswer>(
        static e => new TransferAnswer.BadFee(checked((UInt128)e.ExpectedFee)),
        static e => new TransferAnswer.BadBurn(checked((UInt128)e.MinBurnAmount)),
        static e => new TransferAnswer.InsufficientFunds(checked((UInt128)e.Balance)),
        static _ => new TransferAnswer.TooOld(),
        static e => new TransferAnswer.CreatedInFuture(e.LedgerTime),
        static _ => new TransferAnswer.TemporarilyUnavailable(),
        static e => new TransferAnswer.Duplicate(checked((ulong)e.DuplicateOf)),
        static e => new TransferAnswer.GenericError(checked((UInt128)e.ErrorCode), e.Message),
        static unknown => Unrecognised(unknown.Tag));

    private static TransferAnswer.Unrecognised Unrecognised(uint tag) =>
        new(tag.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
