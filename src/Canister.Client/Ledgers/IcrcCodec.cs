using System.Numerics;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Candid codec of the ICRC-1 calls that all three ledger kinds share.</summary>
internal static class IcrcCodec
{
    public static CandidValue Nat(UInt128 value) => new CandidValue.Nat((BigInteger)value);

    public static CandidValue Account(IcrcAccount account) => new CandidValue.Record(
        ("owner", new CandidValue.Principal(account.Owner)),
        ("subaccount", CandidValue.Optional(account.Subaccount is { } s ? new CandidValue.Blob(s.ToArray()) : null)));

    public static IcrcAccount ReadAccount(CandidValue value) => new(
        value["owner"].AsPrincipal(),
        value.Optional("subaccount") is { } subaccount ? (ReadOnlyMemory<byte>?)subaccount.AsBlob() : null);

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

        var subaccount = argument.FromSubaccount is { } s ? new CandidValue.Blob(s.ToArray()) : null;
        return CandidArg.Of((IcrcTypes.TransferArg, new CandidValue.Record(
            ("from_subaccount", CandidValue.Optional(subaccount)),
            ("to", Account(argument.To)),
            ("amount", Nat(argument.Amount)),
            ("fee", CandidValue.Optional(argument.Fee is { } fee ? Nat(fee) : null)),
            ("memo", CandidValue.Some(new CandidValue.Blob(argument.Memo.ToArray()))),
            ("created_at_time", CandidValue.Some(new CandidValue.Nat64(argument.CreatedAtTimeNs)))))).Encode();
    }

    public static TransferAnswer DecodeTransferAnswer(ReadOnlyMemory<byte> reply)
    {
        try
        {
            // By the wire's own types: a variant that the interface gained since must not make the answer unreadable.
            return DecodeResult(CandidArg.Decode(reply.Span)[0].AsVariant());
        }
        catch (Exception e) when (e is CandidDecodeException or CandidShapeException)
        {
            return new TransferAnswer.Unrecognised("unreadable: " + e.Message);
        }
    }

    private static TransferAnswer DecodeResult(CandidValue.Variant result)
    {
        if (result.Is("Ok"))
        {
            return new TransferAnswer.Ok(result.Value.AsNat64());
        }

        return result.Is("Err") && result.Value is CandidValue.Variant error
            ? DecodeError(error)
            : new TransferAnswer.Unrecognised(result.Label.ToString());
    }

    private static TransferAnswer DecodeError(CandidValue.Variant error) => error switch
    {
        _ when error.Is("Duplicate") => new TransferAnswer.Duplicate(error.Value["duplicate_of"].AsNat64()),
        _ when error.Is("InsufficientFunds") =>
            new TransferAnswer.InsufficientFunds(error.Value["balance"].AsNat128()),
        _ when error.Is("BadFee") => new TransferAnswer.BadFee(error.Value["expected_fee"].AsNat128()),
        _ when error.Is("BadBurn") => new TransferAnswer.BadBurn(error.Value["min_burn_amount"].AsNat128()),
        _ when error.Is("TooOld") => new TransferAnswer.TooOld(),
        _ when error.Is("CreatedInFuture") =>
            new TransferAnswer.CreatedInFuture(error.Value["ledger_time"].AsNat64()),
        _ when error.Is("TemporarilyUnavailable") => new TransferAnswer.TemporarilyUnavailable(),
        _ when error.Is("GenericError") => new TransferAnswer.GenericError(
            error.Value["error_code"].AsNat128(), error.Value["message"].AsText()),
        _ => new TransferAnswer.Unrecognised(error.Label.ToString()),
    };
}
