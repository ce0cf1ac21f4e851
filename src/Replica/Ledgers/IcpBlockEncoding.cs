using System.Security.Cryptography;

namespace Decent.Replica.Ledgers;

/// <summary>
/// Blocks of the ICP ledger in its protocol buffer form, whose SHA-256 chains them. Field numbers are those of the
/// ledger's block schema; zero numbers are left out, empty messages are not.
/// </summary>
internal static class IcpBlockEncoding
{
    private const int ParentHash = 1;
    private const int Timestamp = 2;
    private const int Body = 3;

    private const int BurnField = 1;
    private const int MintField = 2;
    private const int SendField = 3;
    private const int MemoField = 4;
    private const int CreatedField = 6;
    private const int Icrc1MemoField = 7;

    private const int FromField = 1;
    private const int ToField = 2;
    private const int AmountField = 3;
    private const int FeeField = 4;
    private const int BurnSpenderField = 4;
    private const int ApproveField = 5;
    private const int TransferFromField = 6;

    public static byte[] Block(TokenBlock block)
    {
        var message = new ProtocolMessage();
        if (block.ParentHash is { } parent)
        {
            message.Message(ParentHash, new ProtocolMessage().Bytes(1, parent));
        }

        return message
            .Message(Timestamp, Number(block.Timestamp))
            .Message(Body, Transaction(block.Transaction, block.FeeCharged, block.Timestamp))
            .ToArray();
    }

    /// <summary>What the ledger recognises a repeat by: the resolved operation, memo and creation time.</summary>
    public static byte[] TransactionHash(TokenTransaction transaction, UInt128 fee) =>
        SHA256.HashData(Transaction(transaction, fee, transaction.CreatedAtTime ?? 0).ToArray());

    private static ProtocolMessage Transaction(TokenTransaction transaction, UInt128 fee, ulong defaultCreated)
    {
        var message = new ProtocolMessage();
        _ = transaction.Operation switch
        {
            TokenOperation.Mint => message.Message(MintField, Mint(transaction)),
            TokenOperation.Burn => message.Message(BurnField, Burn(transaction)),
            _ => message.Message(SendField, Send(transaction, fee)),
        };
        message
            .Message(MemoField, new ProtocolMessage())
            .Message(CreatedField, Number(transaction.CreatedAtTime ?? defaultCreated));
        if (transaction.Memo is { } memo)
        {
            message.Message(Icrc1MemoField, new ProtocolMessage().Bytes(1, memo));
        }

        return message;
    }

    private static ProtocolMessage Mint(TokenTransaction transaction) => new ProtocolMessage()
        .Message(ToField, Identifier(transaction.To!))
        .Message(AmountField, Number((ulong)transaction.Amount));

    private static ProtocolMessage Burn(TokenTransaction transaction)
    {
        var burn = new ProtocolMessage()
            .Message(FromField, Identifier(transaction.From!))
            .Message(AmountField, Number((ulong)transaction.Amount));
        return transaction.Spender is { } spender ? burn.Message(BurnSpenderField, Identifier(spender)) : burn;
    }

    private static ProtocolMessage Send(TokenTransaction transaction, UInt128 fee)
    {
        var approve = transaction.Operation == TokenOperation.Approve;
        var send = new ProtocolMessage()
            .Message(FromField, Identifier(transaction.From!))
            .Message(ToField, Identifier(approve ? transaction.Spender! : transaction.To!))
            .Message(AmountField, Number(approve ? 0 : (ulong)transaction.Amount))
            .Message(FeeField, Number((ulong)fee));
        if (approve)
        {
            send.Message(ApproveField, Approve(transaction));
        }
        else if (transaction.Spender is { } spender)
        {
            send.Message(TransferFromField, new ProtocolMessage().Message(1, Identifier(spender)));
        }

        return send;
    }

    private static ProtocolMessage Approve(TokenTransaction transaction)
    {
        var approve = new ProtocolMessage().Message(1, Number(Saturate(transaction.Amount)));
        if (transaction.ExpiresAt is { } end)
        {
            approve.Message(2, Number(end));
        }

        return transaction.ExpectedAllowance is { } expected
            ? approve.Message(3, Number(Saturate(expected)))
            : approve;
    }

    private static ProtocolMessage Identifier(LedgerAccount account) =>
        new ProtocolMessage().Bytes(1, account.IdentifierBytes());

    private static ProtocolMessage Number(ulong value) => new ProtocolMessage().Number(1, value);

    private static ulong Saturate(UInt128 value) => value > ulong.MaxValue ? ulong.MaxValue : (ulong)value;
}
