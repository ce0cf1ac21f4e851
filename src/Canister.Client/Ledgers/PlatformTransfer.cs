using System.Buffers.Binary;
using System.Security.Cryptography;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// One token transfer in the platform canister's ledger: the value of a <c>DCTokenTransfer</c> entry, whose key is
/// the transaction id.
/// </summary>
/// <param name="From">The debited account.</param>
/// <param name="To">The credited account.</param>
/// <param name="Fee">Fee in smallest units, or null when the entry names none.</param>
/// <param name="CreatedAtTimeNs">Nanoseconds since 1970, or null when the entry names none.</param>
/// <param name="Memo">The memo; empty when there is none.</param>
/// <param name="Amount">Amount in smallest units, without the fee.</param>
/// <param name="BalanceFromAfter">The debited account's balance afterwards, smallest units.</param>
/// <param name="BalanceToAfter">The credited account's balance afterwards, smallest units.</param>
public sealed record PlatformTransfer(
    IcrcAccount From,
    IcrcAccount To,
    ulong? Fee,
    ulong? CreatedAtTimeNs,
    ReadOnlyMemory<byte> Memo,
    ulong Amount,
    ulong BalanceFromAfter,
    ulong BalanceToAfter)
{
    /// <summary>The label of transfer entries.</summary>
    public const string Label = "DCTokenTransfer";

    private const int SubaccountLength = 32;
    private const byte Version1 = 0;

    /// <summary>
    /// The id the canister gives a transfer, known to the sender before it is sent: SHA-256 over accounts, amount,
    /// fee, memo and creation time. The parts stand without lengths, so use memos of one fixed length.
    /// </summary>
    /// <param name="from">The debited account; a missing subaccount counts as 32 zeros.</param>
    /// <param name="to">The credited account; a missing subaccount counts as 32 zeros.</param>
    /// <param name="amount">Smallest units.</param>
    /// <param name="fee">Smallest units, as charged.</param>
    /// <param name="memo">The memo, possibly empty.</param>
    /// <param name="createdAtTimeNs">Nanoseconds since 1970.</param>
    /// <returns>64 lower-case hex digits.</returns>
    public static string TransactionId(
        IcrcAccount from, IcrcAccount to, ulong amount, ulong fee, ReadOnlySpan<byte> memo, ulong createdAtTimeNs)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendAccount(hash, from);
        AppendAccount(hash, to);
        AppendBigEndian(hash, amount);
        AppendBigEndian(hash, fee);
        hash.AppendData(memo);
        AppendBigEndian(hash, createdAtTimeNs);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The entry's value in Borsh.</summary>
    public byte[] Encode()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version1);
        WriteAccount(writer, From);
        WriteAccount(writer, To);
        WriteOptional(writer, Fee);
        writer.Write((byte)0); // fee accounts: never credited by the canister
        WriteOptional(writer, CreatedAtTimeNs);
        WriteBytes(writer, Memo.Span);
        writer.Write(Amount);
        writer.Write(BalanceFromAfter);
        writer.Write(BalanceToAfter);
        return stream.ToArray();
    }

    /// <summary>Reads an entry's value.</summary>
    /// <param name="value">The bytes of the entry.</param>
    /// <exception cref="FormatException">The bytes are not a transfer entry of a known version.</exception>
    public static PlatformTransfer Decode(ReadOnlyMemory<byte> value)
    {
        using var reader = new BinaryReader(new MemoryStream(value.ToArray(), writable: false));
        try
        {
            if (reader.ReadByte() != Version1)
            {
                throw new FormatException("Unknown version of a transfer entry.");
            }

            var from = ReadAccount(reader);
            var to = ReadAccount(reader);
            var fee = ReadOptional(reader);
            SkipFeeAccounts(reader);
            var created = ReadOptional(reader);
            var memo = ReadBytes(reader);
            var transfer = new PlatformTransfer(
                from, to, fee, created, memo, reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());
            return reader.BaseStream.Position == reader.BaseStream.Length
                ? transfer
                : throw new FormatException("Bytes follow the transfer entry.");
        }
        catch (EndOfStreamException truncated)
        {
            throw new FormatException("The transfer entry is truncated.", truncated);
        }
        catch (ArgumentException invalid)
        {
            throw new FormatException("The transfer entry holds an impossible account.", invalid);
        }
    }

    private static void AppendAccount(IncrementalHash hash, IcrcAccount account)
    {
        Span<byte> zeros = stackalloc byte[SubaccountLength];
        zeros.Clear();
        hash.AppendData(account.Owner.Bytes);
        hash.AppendData(account.Subaccount is { } subaccount ? subaccount.Span : zeros);
    }

    private static void AppendBigEndian(IncrementalHash hash, ulong value)
    {
        Span<byte> buffer = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(buffer, value);
        hash.AppendData(buffer);
    }

    private static void WriteAccount(BinaryWriter writer, IcrcAccount account)
    {
        WriteBytes(writer, account.Owner.Bytes);
        writer.Write((byte)(account.Subaccount is null ? 0 : 1));
        if (account.Subaccount is { } subaccount)
        {
            WriteBytes(writer, subaccount.Span);
        }
    }

    private static IcrcAccount ReadAccount(BinaryReader reader)
    {
        var owner = Principal.FromBytes(ReadBytes(reader));
        return new IcrcAccount(owner, ReadTag(reader) ? (ReadOnlyMemory<byte>?)ReadBytes(reader) : null);
    }

    private static void SkipFeeAccounts(BinaryReader reader)
    {
        if (!ReadTag(reader))
        {
            return;
        }

        for (var left = reader.ReadUInt32(); left > 0; left--)
        {
            _ = ReadAccount(reader);
        }
    }

    private static void WriteBytes(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write((uint)bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        var length = reader.ReadUInt32();
        if (length > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new FormatException("The transfer entry is truncated.");
        }

        return reader.ReadBytes((int)length);
    }

    private static void WriteOptional(BinaryWriter writer, ulong? value)
    {
        writer.Write((byte)(value is null ? 0 : 1));
        if (value is { } present)
        {
            writer.Write(present);
        }
    }

    private static ulong? ReadOptional(BinaryReader reader) => ReadTag(reader) ? reader.ReadUInt64() : null;

    private static bool ReadTag(BinaryReader reader) => reader.ReadByte() switch
    {
        0 => false,
        1 => true,
        _ => throw new FormatException("An option in the transfer entry is neither absent nor present."),
    };
}
