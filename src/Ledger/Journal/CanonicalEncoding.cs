using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Decent.Ledger.Books;

namespace Decent.Ledger.Journal;

/// <summary>
/// The one byte form of an operation, version 1. Every text and list is preceded by its length, numbers are
/// big-endian and of fixed size, so that two different operations never share a form.
/// </summary>
/// <remarks>
/// <para>Body: version (1 byte), kind (1 byte: 1 posting, 2 hold placed, 3 hold released), key, reason, links, then</para>
/// <list type="bullet">
/// <item>posting: effective time, authority (0 intent, 1 fact), legs, settlements</item>
/// <item>hold placed: account, asset, amount</item>
/// <item>hold released: hold id, evidence</item>
/// </list>
/// <para>Text: byte count (uint32) and UTF-8. List: count (uint32) and items. Time: microseconds since 1970 (int64).
/// Amount: int128, two's complement. Id: 16 bytes in the order of its text. Leg: account, asset, amount. Link: kind, id.
/// Settlement: hold id, asset, amount, closing (1 byte).</para>
/// <para>Record: the text <c>decent.journal</c>, id, recorded time, body. The digest that tells a replay from a
/// conflict is SHA-256 of the body; the hash kept with a posting is SHA-256 of the record.</para>
/// </remarks>
internal static class CanonicalEncoding
{
    /// <summary>Version written into every form and stored beside every hash.</summary>
    public const byte Version = 1;

    private const string RecordTag = "decent.journal";

    // No half of a surrogate pair and no replacement: a text that cannot be written exactly is refused.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The byte form of an operation without what a repetition may change (id and recorded time).</summary>
    /// <exception cref="EncoderFallbackException">A text is not valid Unicode.</exception>
    public static byte[] Body(BooksOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var writer = new Writer();
        writer.Byte(Version);
        writer.Byte((byte)KindOf(operation));
        writer.Text(operation.IdempotencyKey);
        writer.Text(operation.Reason);
        writer.Count(operation.Links.Count);
        foreach (var link in operation.Links)
        {
            writer.Text(link.Kind);
            writer.Text(link.Id);
        }

        switch (operation)
        {
            case Posting posting:
                WritePosting(writer, posting);
                break;
            case HoldPlacement placement:
                writer.Text(placement.Account);
                writer.Amount(placement.Amount);
                break;
            case HoldRelease release:
                writer.Id(release.HoldId);
                writer.Text(release.Evidence);
                break;
            default:
                throw new ArgumentException($"No encoding for {operation.GetType().Name}.", nameof(operation));
        }

        return writer.ToArray();
    }

    /// <summary>The byte form of an operation as recorded.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="recordedAt">Recorded time; cut to microseconds.</param>
    public static byte[] Record(BooksOperation operation, DateTimeOffset recordedAt) =>
        Record(SubjectOf(operation), recordedAt, Body(operation));

    /// <summary>The byte form of a recorded body.</summary>
    public static byte[] Record(Guid id, DateTimeOffset recordedAt, ReadOnlySpan<byte> body)
    {
        var writer = new Writer();
        writer.Text(RecordTag);
        writer.Id(id);
        writer.Time(recordedAt);
        writer.Bytes(body);
        return writer.ToArray();
    }

    /// <summary>SHA-256, 32 bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes);

    /// <summary>An instant as the journal keeps it: UTC, whole microseconds, cut towards the past.</summary>
    public static DateTimeOffset Microseconds(DateTimeOffset instant) =>
        DateTimeOffset.UnixEpoch.AddTicks(UnixMicroseconds(instant) * TimeSpan.TicksPerMicrosecond);

    /// <summary>Number of an operation's kind in the encoding and in the database.</summary>
    public static short KindOf(BooksOperation operation) => operation switch
    {
        Posting => 1,
        HoldPlacement => 2,
        HoldRelease => 3,
        _ => throw new ArgumentException($"No encoding for {operation?.GetType().Name}.", nameof(operation)),
    };

    /// <summary>Id of the posting or hold an operation is about.</summary>
    public static Guid SubjectOf(BooksOperation operation) => operation switch
    {
        Posting posting => posting.Id,
        HoldPlacement placement => placement.Id,
        HoldRelease release => release.HoldId,
        _ => throw new ArgumentException($"No encoding for {operation?.GetType().Name}.", nameof(operation)),
    };

    private static void WritePosting(Writer writer, Posting posting)
    {
        writer.Time(posting.EffectiveAt);
        writer.Byte(posting.Authority switch
        {
            PostingAuthority.Intent => 0,
            PostingAuthority.Fact => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(posting), posting.Authority, "Unknown authority."),
        });
        writer.Count(posting.Legs.Count);
        foreach (var leg in posting.Legs)
        {
            writer.Text(leg.Account);
            writer.Amount(leg.Amount);
        }

        writer.Count(posting.Settles.Count);
        foreach (var settlement in posting.Settles)
        {
            writer.Id(settlement.HoldId);
            writer.Amount(settlement.Amount);
            writer.Byte(settlement.CloseRemainder ? (byte)1 : (byte)0);
        }
    }

    private static long UnixMicroseconds(DateTimeOffset instant)
    {
        var ticks = instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return (ticks - (((ticks % TimeSpan.TicksPerMicrosecond) + TimeSpan.TicksPerMicrosecond) % TimeSpan.TicksPerMicrosecond))
            / TimeSpan.TicksPerMicrosecond;
    }

    private sealed class Writer
    {
        private byte[] _buffer = new byte[512];
        private int _length;

        public void Byte(byte value) => Take(1)[0] = value;

        public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

        public void Count(int value) => BinaryPrimitives.WriteUInt32BigEndian(Take(sizeof(uint)), (uint)value);

        public void Text(string value)
        {
            var length = Utf8.GetByteCount(value);
            Count(length);
            Utf8.GetBytes(value, Take(length));
        }

        public void Amount(Money value)
        {
            Text(value.Asset.Code);
            BinaryPrimitives.WriteInt128BigEndian(Take(16), value.Units);
        }

        public void Time(DateTimeOffset value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), UnixMicroseconds(value));

        public void Id(Guid value) => value.TryWriteBytes(Take(16), bigEndian: true, out _);

        public byte[] ToArray() => _buffer[.._length];

        private Span<byte> Take(int count)
        {
            if (_length + count > _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
            }

            var span = _buffer.AsSpan(_length, count);
            _length += count;
            return span;
        }
    }
}
