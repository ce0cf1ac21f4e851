using System.Buffers;

namespace Decent.Candid;

/// <summary>The arguments or results of a method: typed values, and their binary form.</summary>
public sealed class CandidArg : IEquatable<CandidArg>
{
    private CandidArg(IReadOnlyList<CandidType> types, IReadOnlyList<CandidValue> values)
    {
        Types = types;
        Values = values;
    }

    /// <summary>No values: <c>()</c>.</summary>
    public static CandidArg Empty { get; } = new([], []);

    /// <summary>The types the values are written at; after decoding, the expected or the wire types.</summary>
    public IReadOnlyList<CandidType> Types { get; }

    /// <summary>The values.</summary>
    public IReadOnlyList<CandidValue> Values { get; }

    /// <summary>A value by position.</summary>
    /// <exception cref="CandidShapeException">There are fewer.</exception>
    public CandidValue this[int index] => index >= 0 && index < Values.Count
        ? Values[index]
        : throw new CandidShapeException($"there are {Values.Count} values, none at {index}");

    /// <summary>Values with their types.</summary>
    public static CandidArg Of(params (CandidType Type, CandidValue Value)[] values) =>
        new(Array.ConvertAll(values, v => v.Type), Array.ConvertAll(values, v => v.Value));

    /// <summary>Decodes and coerces to the expected types by the rules of the format, with default limits.</summary>
    /// <exception cref="CandidDecodeException">Malformed, or does not fit.</exception>
    public static CandidArg Decode(ReadOnlySpan<byte> bytes, params CandidType[] expected) =>
        Decode(bytes, expected, CandidLimits.Default);

    /// <summary>Decodes and coerces to the expected types by the rules of the format.</summary>
    /// <exception cref="CandidDecodeException">Malformed, does not fit, or beyond the limits.</exception>
    public static CandidArg Decode(ReadOnlySpan<byte> bytes, IReadOnlyList<CandidType> expected, CandidLimits limits)
    {
        var decoder = Open(bytes, limits, out var table);
        var values = new CandidValue[expected.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i < table.Arguments.Length
                ? decoder.ReadArgument(table.Arguments[i], expected[i], i)
                : DecodePlanner.Missing(expected[i])
                    ?? throw new CandidDecodeException("argument is missing", decoder.Offset, $"arg[{i}]");
        }

        for (var i = values.Length; i < table.Arguments.Length; i++)
        {
            decoder.SkipArgument(table.Arguments[i], i);
        }

        Finish(decoder);
        return new CandidArg(expected, values);
    }

    /// <summary>
    /// Decodes by the types in the message. Labels have numbers only; find fields by name all the same.
    /// </summary>
    /// <exception cref="CandidDecodeException">Malformed.</exception>
    public static CandidArg Decode(ReadOnlySpan<byte> bytes) => Decode(bytes, CandidLimits.Default);

    /// <summary>Decodes by the types in the message.</summary>
    /// <exception cref="CandidDecodeException">Malformed, or beyond the limits.</exception>
    public static CandidArg Decode(ReadOnlySpan<byte> bytes, CandidLimits limits)
    {
        var decoder = Open(bytes, limits, out var table);
        var values = new CandidValue[table.Arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = decoder.ReadArgument(table.Arguments[i], null, i);
        }

        Finish(decoder);
        return new CandidArg(Array.ConvertAll(table.Arguments, table.TypeOf), values);
    }

    /// <summary>The binary form.</summary>
    /// <exception cref="CandidEncodeException">A value does not fit its type.</exception>
    public byte[] Encode()
    {
        var output = new ArrayBufferWriter<byte>(256);
        WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the binary form.</summary>
    /// <exception cref="CandidEncodeException">A value does not fit its type.</exception>
    public void WriteTo(IBufferWriter<byte> output)
    {
        var writer = new CandidWriter(output);
        TypeTableBuilder.Write(writer, Types);
        for (var i = 0; i < Values.Count; i++)
        {
            ValueEncoder.Write(writer, Types[i], Values[i]);
        }
    }

    /// <summary>Equal values in the same order; types do not count.</summary>
    public bool Equals(CandidArg? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as CandidArg);

    /// <inheritdoc />
    public override int GetHashCode() => Values.Aggregate(0, HashCode.Combine);

    /// <summary>The textual form.</summary>
    public override string ToString() => $"({string.Join(", ", Values)})";

    private static ValueDecoder Open(ReadOnlySpan<byte> bytes, CandidLimits limits, out WireTable table)
    {
        if (bytes.Length > limits.MaxMessageBytes)
        {
            throw new CandidDecodeException($"message of {bytes.Length} bytes is too large", 0);
        }

        var reader = new CandidReader(bytes);
        table = WireTable.Read(ref reader, limits);
        return new ValueDecoder(reader, table, limits, bytes.Length);
    }

    private static void Finish(ValueDecoder decoder)
    {
        if (decoder.Remaining > 0)
        {
            throw new CandidDecodeException($"{decoder.Remaining} bytes are left over", decoder.Offset);
        }
    }
}
