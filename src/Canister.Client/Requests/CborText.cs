using System.Formats.Cbor;

namespace Decent.Canister.Client;

/// <summary>Reading rules for every CBOR message of the protocol: strict, but the leading tag may be missing.</summary>
internal static class CborText
{
    /// <summary>The number of the tag that says "this is CBOR".</summary>
    internal const CborTag SelfDescribed = (CborTag)55799;

    /// <summary>Opens a reader that refuses duplicate keys and skips the self-described tag if it is there.</summary>
    internal static CborReader Open(ReadOnlyMemory<byte> bytes)
    {
        var reader = new CborReader(bytes, CborConformanceMode.Strict);
        SkipSelfDescribedTag(reader);
        return reader;
    }

    /// <summary>Skips the self-described tag in front of the next value.</summary>
    internal static void SkipSelfDescribedTag(CborReader reader)
    {
        if (reader.PeekState() == CborReaderState.Tag)
        {
            var tag = reader.ReadTag();
            if (tag != SelfDescribed)
            {
                throw new CborContentException($"Unexpected CBOR tag {(ulong)tag}.");
            }
        }
    }

    /// <summary>A writer of definite lengths that starts with the self-described tag.</summary>
    internal static CborWriter Create()
    {
        var writer = new CborWriter(CborConformanceMode.Lax, convertIndefiniteLengthEncodings: true);
        writer.WriteTag(SelfDescribed);
        return writer;
    }

    /// <summary>Fails when bytes follow the value.</summary>
    internal static void End(CborReader reader)
    {
        if (reader.BytesRemaining != 0)
        {
            throw new CborContentException($"{reader.BytesRemaining} bytes follow the CBOR value.");
        }
    }

    /// <summary>
    /// Runs a parser and turns every way in which System.Formats.Cbor reports malformed data (content, state, range)
    /// into one exception made by <paramref name="wrap" />.
    /// </summary>
    internal static T Parse<T>(Func<T> parse, Func<string, Exception, Exception> wrap)
    {
        try
        {
            return parse();
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException
                                      or FormatException or ArgumentException)
        {
            throw wrap(e.Message, e);
        }
    }

    /// <summary>
    /// Calls <paramref name="field" /> for each text key of a map; it returns false to have the value skipped.
    /// A null value is the same as an absent field.
    /// </summary>
    internal static void ReadMap(CborReader reader, Func<string, bool> field)
    {
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var name = reader.ReadTextString();
            if (reader.PeekState() == CborReaderState.Null)
            {
                reader.ReadNull();
            }
            else if (!field(name))
            {
                reader.SkipValue();
            }
        }

        reader.ReadEndMap();
    }
}
