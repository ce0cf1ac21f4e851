namespace Decent.Candid;

/// <summary>The header of a message: type table and argument types, validated.</summary>
internal sealed class WireTable
{
    private const sbyte Unknown = -1;
    private const int MinSizeDepth = 64;

    private readonly WireType[] _types;
    private readonly sbyte[] _minSizes;
    private CandidKnotType[]? _knots;

    private WireTable(WireType[] types, int[] arguments)
    {
        _types = types;
        Arguments = arguments;
        _minSizes = new sbyte[types.Length];
        Array.Fill(_minSizes, Unknown);
    }

    internal int[] Arguments { get; }

    internal WireType this[int index] => _types[index];

    internal static WireTable Read(ref CandidReader reader, CandidLimits limits)
    {
        if (reader.Remaining < 4 || !reader.ReadBytes(4).SequenceEqual("DIDL"u8))
        {
            throw new CandidDecodeException("message does not start with DIDL", 0);
        }

        var count = reader.ReadLeb64();
        if (count > (ulong)limits.MaxTypes || count > (ulong)reader.Remaining)
        {
            throw reader.Fault($"type table of {count} entries is too large");
        }

        var types = new WireType[(int)count];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = ReadEntry(ref reader, types.Length);
        }

        CheckMethods(types, reader.Offset);
        return new WireTable(types, ReadReferences(ref reader, types.Length));
    }

    internal CandidKind Kind(int reference) => reference < 0 ? WireCode.Kind(reference) : _types[reference].Kind;

    /// <summary>
    /// The type behind a reference, as a graph. Built once for the whole table, only where it is needed.
    /// </summary>
    internal CandidType TypeOf(int reference)
    {
        if (reference < 0)
        {
            return WireCode.Type(reference);
        }

        if (_knots is null)
        {
            _knots = Array.ConvertAll(_types, _ => new CandidKnotType(null));
            for (var i = 0; i < _types.Length; i++)
            {
                _knots[i].Tie(Build(_types[i]));
            }
        }

        return _knots[reference];
    }

    /// <summary>A lower bound of the bytes of a value: 0 only where a value may have none.</summary>
    internal int MinSize(int reference, int depth = 0)
    {
        if (reference < 0)
        {
            return WireCode.Kind(reference) switch
            {
                CandidKind.Null or CandidKind.Reserved or CandidKind.Empty => 0,
                CandidKind.Nat16 or CandidKind.Int16 or CandidKind.Principal => 2,
                CandidKind.Nat32 or CandidKind.Int32 or CandidKind.Float32 => 4,
                CandidKind.Nat64 or CandidKind.Int64 or CandidKind.Float64 => 8,
                _ => 1,
            };
        }

        var type = _types[reference];
        if (type.Kind != CandidKind.Record)
        {
            return 1;
        }

        if (_minSizes[reference] == Unknown)
        {
            _minSizes[reference] = 0;
            var has = 0;
            for (var i = 0; i < type.Parts.Length && has == 0 && depth < MinSizeDepth; i++)
            {
                has = MinSize(type.Parts[i], depth + 1);
            }

            _minSizes[reference] = (sbyte)(has > 0 ? 1 : 0);
        }

        return _minSizes[reference];
    }

    /// <summary>Works out everything that is otherwise found on demand, so that threads may share the table.</summary>
    internal void Seal()
    {
        for (var i = 0; i < _types.Length; i++)
        {
            MinSize(i);
        }
    }

    private static WireType ReadEntry(ref CandidReader reader, int count)
    {
        var at = reader.Offset;
        var code = reader.ReadSleb64();
        switch (code)
        {
            case WireCode.Opt:
                return new WireType(CandidKind.Opt) { Inner = ReadReference(ref reader, count) };
            case WireCode.Vec:
                return new WireType(CandidKind.Vec) { Inner = ReadReference(ref reader, count) };
            case WireCode.Record:
                return ReadFields(ref reader, CandidKind.Record, count);
            case WireCode.Variant:
                return ReadFields(ref reader, CandidKind.Variant, count);
            case WireCode.Func:
                return new WireType(CandidKind.Func)
                {
                    Parts = ReadReferences(ref reader, count),
                    Results = ReadReferences(ref reader, count),
                    Mode = ReadMode(ref reader),
                };
            case WireCode.Service:
                return ReadService(ref reader, count);
            case < WireCode.Principal:
                reader.ReadBlobSpan();
                return new WireType(CandidKind.Future);
            default:
                throw new CandidDecodeException($"{code} is not allowed in the type table", at);
        }
    }

    private static int ReadReference(ref CandidReader reader, int count)
    {
        var at = reader.Offset;
        var code = reader.ReadSleb64();
        return WireCode.IsPrimitive(code) || (code >= 0 && code < count)
            ? (int)code
            : throw new CandidDecodeException($"{code} is not a type", at);
    }

    private static int[] ReadReferences(ref CandidReader reader, int count)
    {
        var references = new int[reader.ReadLength()];
        for (var i = 0; i < references.Length; i++)
        {
            references[i] = ReadReference(ref reader, count);
        }

        return references;
    }

    private static WireType ReadFields(ref CandidReader reader, CandidKind kind, int count)
    {
        var length = reader.ReadLength();
        var labels = new CandidLabel[length];
        var parts = new int[length];
        for (var i = 0; i < length; i++)
        {
            var at = reader.Offset;
            var id = reader.ReadLeb64();
            if (id > uint.MaxValue)
            {
                throw new CandidDecodeException($"label {id} does not fit 32 bits", at);
            }

            if (i > 0 && id <= labels[i - 1].Id)
            {
                throw new CandidDecodeException($"label {id} does not follow {labels[i - 1].Id} in order", at);
            }

            labels[i] = new CandidLabel((uint)id);
            parts[i] = ReadReference(ref reader, count);
        }

        return new WireType(kind) { Labels = labels, Parts = parts };
    }

    private static CandidFuncMode ReadMode(ref CandidReader reader)
    {
        var at = reader.Offset;
        var length = reader.ReadLength();
        if (length > 1)
        {
            throw new CandidDecodeException("more than one annotation", at);
        }

        var mode = CandidFuncMode.Update;
        for (var i = 0; i < length; i++)
        {
            mode |= reader.ReadByte() switch
            {
                1 => CandidFuncMode.Query,
                2 => CandidFuncMode.Oneway,
                3 => CandidFuncMode.CompositeQuery,
                _ => throw reader.Fault("unknown annotation", -1),
            };
        }

        return mode;
    }

    private static WireType ReadService(ref CandidReader reader, int count)
    {
        var length = reader.ReadLength();
        var names = new string[length];
        var parts = new int[length];
        var before = ReadOnlySpan<byte>.Empty;
        for (var i = 0; i < length; i++)
        {
            var at = reader.Offset;
            var mark = reader;
            names[i] = reader.ReadText();
            var name = mark.ReadBlobSpan();
            if (i > 0 && before.SequenceCompareTo(name) >= 0)
            {
                throw new CandidDecodeException($"method '{names[i]}' does not follow '{names[i - 1]}' in order", at);
            }

            before = name;
            parts[i] = ReadReference(ref reader, count);
        }

        return new WireType(CandidKind.Service) { Names = names, Parts = parts };
    }

    private static void CheckMethods(WireType[] types, int offset)
    {
        foreach (var type in types)
        {
            for (var i = 0; i < type.Names.Length; i++)
            {
                if (type.Parts[i] < 0 || types[type.Parts[i]].Kind != CandidKind.Func)
                {
                    throw new CandidDecodeException($"method '{type.Names[i]}' is not a function", offset);
                }
            }
        }
    }

    private CandidType Build(WireType type) => type.Kind switch
    {
        CandidKind.Opt => new CandidOptType(TypeOf(type.Inner)),
        CandidKind.Vec => new CandidVecType(TypeOf(type.Inner)),
        CandidKind.Record => new CandidRecordType(Fields(type)),
        CandidKind.Variant => new CandidVariantType(Fields(type)),
        CandidKind.Func => new CandidFuncType(
            Array.ConvertAll(type.Parts, TypeOf), Array.ConvertAll(type.Results, TypeOf), type.Mode),
        CandidKind.Service => new CandidServiceType(
            type.Names.Select((name, i) => new CandidMethod(name, TypeOf(type.Parts[i])))),
        _ => CandidFutureType.Instance,
    };

    private IEnumerable<CandidField> Fields(WireType type) =>
        type.Labels.Select((label, i) => new CandidField(label, TypeOf(type.Parts[i])));
}
