using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Decent.Canister.Client;

namespace Decent.Replica.Ledgers;

/// <summary>
/// The platform canister's log as entries. Every update closes its own block here, so an entry is committed as soon
/// as its call has answered; the real canister closes a block every ten minutes.
/// </summary>
internal static class PlatformEntries
{
    /// <summary>Where the data partition starts, in bytes.</summary>
    public const ulong DataStart = 8_388_608;

    private const int BlockHeaderLength = 16;
    private const byte Version1 = 0;
    private const byte Upsert = 0;

    public static byte[] Key(TokenBlock block) => Convert.FromHexString(block.TransactionId!);

    public static byte[] Value(TokenBlock block)
    {
        var transaction = block.Transaction;
        return new PlatformTransfer(
            transaction.From!.Account,
            transaction.To!.Account,
            (ulong)block.FeeCharged,
            transaction.CreatedAtTime,
            transaction.Memo ?? [],
            (ulong)transaction.Amount,
            (ulong)block.BalanceFromAfter,
            (ulong)block.BalanceToAfter).Encode();
    }

    /// <summary>Bytes a block occupies, uncompressed so that positions never depend on a version of zlib.</summary>
    public static ulong Length(TokenBlock block) => (ulong)(BlockHeaderLength + Entry(block).Length + sizeof(ulong));

    public static byte[] ChainHash(TokenBlock block)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(block.ParentHash ?? []);
        hash.AppendData(Entry(block));
        Span<byte> time = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(time, block.Timestamp);
        hash.AppendData(time);
        return hash.GetHashAndReset();
    }

    private static byte[] Entry(TokenBlock block)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version1);
        Write(writer, Encoding.UTF8.GetBytes(PlatformTransfer.Label));
        Write(writer, Key(block));
        Write(writer, Value(block));
        writer.Write(Upsert);
        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write((uint)bytes.Length);
        writer.Write(bytes);
    }
}
