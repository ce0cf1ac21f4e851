namespace Decent.Candid;

/// <summary>
/// Reads values by wire type and coerces them to expected types in the same pass. A value that cannot be coerced
/// answers null, and the nearest option rewinds, passes over the bytes by wire type, and reads as absent; malformed
/// bytes throw.
/// </summary>
internal ref struct ValueDecoder
{
    private readonly WireTable _table;
    private readonly DecodePlanner _planner;
    private readonly CandidLimits _limits;
    private CandidReader _reader;
    private TextCache _texts;
    private long _work;
    private long _zeroSized;
    private int _depth;
    private int _skipDepth;
    private (DecodePlan Plan, int Index)[] _path;
    private (string Reason, int Offset, int Depth) _refusal;

    internal ValueDecoder(CandidReader reader, WireTable table, CandidLimits limits, int messageLength)
    {
        _reader = reader;
        _table = table;
        _planner = new DecodePlanner(table);
        _limits = limits;
        _work = limits.BaseWork + (limits.WorkPerByte * messageLength);
        _zeroSized = limits.MaxZeroSizedElements;
        _path = new (DecodePlan, int)[16];
        _texts = new TextCache();
        _refusal = (string.Empty, 0, 0);
    }

    internal readonly int Remaining => _reader.Remaining;

    internal readonly int Offset => _reader.Offset;

    /// <summary>Reads an argument; a value that does not fit the expected type throws.</summary>
    internal CandidValue ReadArgument(int wire, CandidType? expected, int index)
    {
        _depth = 0;
        try
        {
            return Read(Plan(wire, expected))
                ?? throw new CandidDecodeException(_refusal.Reason, _refusal.Offset, Path(index, _refusal.Depth));
        }
        catch (CandidDecodeException fault) when (fault.Path.Length == 0)
        {
            throw new CandidDecodeException(fault.Reason, fault.Offset, Path(index, _depth));
        }
    }

    /// <summary>Passes over an argument, validating it.</summary>
    internal void SkipArgument(int wire, int index)
    {
        _depth = 0;
        try
        {
            Skip(wire);
        }
        catch (CandidDecodeException fault) when (fault.Path.Length == 0)
        {
            throw new CandidDecodeException(fault.Reason, fault.Offset, Path(index, 0));
        }
    }

    private CandidValue? Read(DecodePlan plan)
    {
        if (--_work < 0)
        {
            throw _reader.Fault("message asks for too much work");
        }

        switch (plan.Step)
        {
            case PlanStep.Primitive:
                return ReadPrimitive(plan.Kind);
            case PlanStep.Blob:
                return new CandidValue.Blob(_reader.ReadBlob());
            case PlanStep.Record:
                return ReadRecord(plan);
            case PlanStep.Variant:
                return ReadVariant(plan);
            case PlanStep.Vec:
                return ReadVec(plan);
            case PlanStep.OptOpt:
                return _reader.ReadOptFlag() ? ReadSome(plan) : CandidValue.None;
            case PlanStep.OptWrap:
                return ReadSome(plan);
            case PlanStep.OptNull:
                return CandidValue.None;
            case PlanStep.NatAsInt:
                return new CandidValue.Int(_reader.ReadNat());
            case PlanStep.Discard:
                Skip(plan.Wire);
                return CandidValue.Reserved.Instance;
            case PlanStep.ServiceAsPrincipal:
                return new CandidValue.Principal(_reader.ReadPrincipal());
            case PlanStep.Service:
                return new CandidValue.Service(_reader.ReadPrincipal());
            case PlanStep.Func:
                _reader.ReadReferenceFlag();
                return new CandidValue.Func(_reader.ReadPrincipal(), _reader.ReadText());
            default:
                return Refuse(plan.Reason);
        }
    }

    private CandidValue ReadPrimitive(CandidKind kind) => kind switch
    {
        CandidKind.Text => new CandidValue.Text(_texts.Read(ref _reader)),
        CandidKind.Nat => new CandidValue.Nat(_reader.ReadNat()),
        CandidKind.Nat64 => new CandidValue.Nat64(_reader.ReadNat64()),
        CandidKind.Null => CandidValue.Null.Instance,
        CandidKind.Bool => _reader.ReadBool() ? CandidValue.Bool.True : CandidValue.Bool.False,
        CandidKind.Principal => new CandidValue.Principal(_reader.ReadPrincipal()),
        CandidKind.Int => new CandidValue.Int(_reader.ReadInt()),
        CandidKind.Nat8 => new CandidValue.Nat8(_reader.ReadNat8()),
        CandidKind.Nat16 => new CandidValue.Nat16(_reader.ReadNat16()),
        CandidKind.Nat32 => new CandidValue.Nat32(_reader.ReadNat32()),
        CandidKind.Int8 => new CandidValue.Int8(_reader.ReadInt8()),
        CandidKind.Int16 => new CandidValue.Int16(_reader.ReadInt16()),
        CandidKind.Int32 => new CandidValue.Int32(_reader.ReadInt32()),
        CandidKind.Int64 => new CandidValue.Int64(_reader.ReadInt64()),
        CandidKind.Float32 => new CandidValue.Float32(_reader.ReadFloat32()),
        CandidKind.Float64 => new CandidValue.Float64(_reader.ReadFloat64()),
        CandidKind.Reserved => CandidValue.Reserved.Instance,
        _ => throw _reader.Fault("type empty has no value"),
    };

    private CandidValue.Record? ReadRecord(DecodePlan plan)
    {
        Enter(plan);
        var values = plan.Template is null ? new CandidValue[plan.Labels.Length] : (CandidValue[])plan.Template.Clone();
        _work -= values.Length;
        var slots = plan.Slots;
        for (var i = 0; i < slots.Length; i++)
        {
            _path[_depth - 1].Index = i;
            if (slots[i] < 0)
            {
                Skip(plan.PartWires[i]);
                continue;
            }

            if (Read(plan.Parts[i] ?? Part(plan, i)) is not { } value)
            {
                return null;
            }

            values[slots[i]] = value;
        }

        _depth--;
        return new CandidValue.Record(plan.Labels, values);
    }

    private CandidValue? ReadVariant(DecodePlan plan)
    {
        var at = _reader.Offset;
        var tag = _reader.ReadLeb64();
        if (tag >= (ulong)plan.PartWires.Length)
        {
            throw new CandidDecodeException($"case {tag} of a variant with {plan.PartWires.Length} cases", at);
        }

        var index = (int)tag;
        if (plan.Constants[index] is { } constant)
        {
            return constant;
        }

        if (plan.Slots[index] < 0)
        {
            return Refuse($"variant case {plan.Labels[index]} is not expected");
        }

        Enter(plan);
        _path[_depth - 1].Index = index;
        var part = plan.Parts[index] ?? Part(plan, index);
        if (Read(part) is not { } value)
        {
            return null;
        }

        _depth--;
        var variant = new CandidValue.Variant(plan.Labels[index], value);
        if (part is { Step: PlanStep.Primitive, Kind: CandidKind.Null })
        {
            plan.Constants[index] = variant;
        }

        return variant;
    }

    private CandidValue? ReadVec(DecodePlan plan)
    {
        var count = ReadCount(plan.PartWires[0]);
        if (count == 0)
        {
            return plan.PartTypes?[0]?.Kind == CandidKind.Nat8
                ? new CandidValue.Blob([])
                : new CandidValue.Vec([]);
        }

        Enter(plan);
        var part = plan.Parts[0] ?? Part(plan, 0);
        var items = new CandidValue[count];
        for (var i = 0; i < items.Length; i++)
        {
            _path[_depth - 1].Index = i;
            if (Read(part) is not { } value)
            {
                return null;
            }

            items[i] = value;
        }

        _depth--;
        return new CandidValue.Vec(items);
    }

    private CandidValue.Opt ReadSome(DecodePlan plan)
    {
        var (start, depth) = (_reader.Offset, _depth);
        Enter(plan);
        if (Read(plan.Parts[0] ?? Part(plan, 0)) is { } value)
        {
            _depth--;
            return new CandidValue.Opt(value);
        }

        _depth = depth;
        _reader.Rewind(start);
        Skip(plan.PartWires[0]);
        return CandidValue.None;
    }

    /// <summary>The length of a vector, refused before anything is allocated when it cannot be true.</summary>
    private int ReadCount(int item)
    {
        var at = _reader.Offset;
        var count = _reader.ReadLeb64();
        var size = (ulong)_table.MinSize(item);
        if (size > 0)
        {
            return count <= (ulong)_reader.Remaining / size
                ? (int)count
                : throw new CandidDecodeException(
                    $"vector of {count} elements cannot be in the {_reader.Remaining} bytes that are left", at);
        }

        if (count > (ulong)_zeroSized)
        {
            throw new CandidDecodeException($"too many elements without size ({count})", at);
        }

        _zeroSized -= (long)count;
        return (int)count;
    }

    private void Skip(int wire)
    {
        if (--_work < 0)
        {
            throw _reader.Fault("message asks for too much work");
        }

        if (wire < 0)
        {
            SkipPrimitive(WireCode.Kind(wire));
            return;
        }

        if (_depth + ++_skipDepth > _limits.MaxDepth)
        {
            throw _reader.Fault($"nested deeper than {_limits.MaxDepth}");
        }

        SkipComposite(_table[wire]);
        _skipDepth--;
    }

    private void SkipComposite(WireType type)
    {
        switch (type.Kind)
        {
            case CandidKind.Opt:
                if (_reader.ReadOptFlag())
                {
                    Skip(type.Inner);
                }

                break;
            case CandidKind.Vec:
                SkipVec(type.Inner);
                break;
            case CandidKind.Record:
                foreach (var part in type.Parts)
                {
                    Skip(part);
                }

                break;
            case CandidKind.Variant:
                var tag = _reader.ReadLeb64();
                Skip(tag < (ulong)type.Parts.Length
                    ? type.Parts[(int)tag]
                    : throw _reader.Fault($"case {tag} of a variant with {type.Parts.Length} cases"));
                break;
            case CandidKind.Func:
                _reader.ReadReferenceFlag();
                _reader.ReadPrincipalSpan();
                _reader.SkipText();
                break;
            case CandidKind.Service:
                _reader.ReadPrincipalSpan();
                break;
            default:
                SkipFuture();
                break;
        }
    }

    private void SkipVec(int item)
    {
        var count = ReadCount(item);
        if (WireCode.IsPrimitive(item) && FixedSize(WireCode.Kind(item)) is > 0 and var size)
        {
            _reader.Skip(checked(count * size));
            return;
        }

        for (var i = 0; i < count; i++)
        {
            Skip(item);
        }
    }

    private void SkipFuture()
    {
        var length = _reader.ReadLength();
        if (_reader.ReadLeb64() != 0)
        {
            throw _reader.Fault("references of an unknown kind");
        }

        _reader.Skip(length);
    }

    private void SkipPrimitive(CandidKind kind)
    {
        switch (kind)
        {
            case CandidKind.Null or CandidKind.Reserved:
                break;
            case CandidKind.Bool:
                _reader.ReadBool();
                break;
            case CandidKind.Nat or CandidKind.Int:
                while (_reader.ReadByte() >= 0x80)
                {
                }

                break;
            case CandidKind.Text:
                _reader.SkipText();
                break;
            case CandidKind.Principal:
                _reader.ReadPrincipalSpan();
                break;
            case CandidKind.Empty:
                throw _reader.Fault("type empty has no value");
            default:
                _reader.Skip(FixedSize(kind));
                break;
        }
    }

    private static int FixedSize(CandidKind kind) => kind switch
    {
        CandidKind.Nat8 or CandidKind.Int8 => 1,
        CandidKind.Nat16 or CandidKind.Int16 => 2,
        CandidKind.Nat32 or CandidKind.Int32 or CandidKind.Float32 => 4,
        CandidKind.Nat64 or CandidKind.Int64 or CandidKind.Float64 => 8,
        _ => 0,
    };

    private DecodePlan Part(DecodePlan plan, int index) =>
        plan.Parts[index] = Plan(plan.PartWires[index], plan.PartTypes?[index]);

    private DecodePlan Plan(int wire, CandidType? expected)
    {
        var before = _planner.Work;
        try
        {
            var plan = _planner.For(wire, expected);
            _work -= _planner.Work - before;
            return plan;
        }
        catch (InvalidOperationException tooLarge)
        {
            throw _reader.Fault(tooLarge.Message);
        }
    }

    private void Enter(DecodePlan plan)
    {
        if (_depth >= _limits.MaxDepth)
        {
            throw _reader.Fault($"nested deeper than {_limits.MaxDepth}");
        }

        if (_depth == _path.Length)
        {
            Array.Resize(ref _path, _path.Length * 2);
        }

        _path[_depth++] = (plan, 0);
    }

    private CandidValue? Refuse(string reason)
    {
        _refusal = (reason, _reader.Offset, _depth);
        return null;
    }

    private readonly string Path(int argument, int depth)
    {
        var text = new System.Text.StringBuilder();
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"arg[{argument}]");
        for (var i = 0; i < depth && i < _path.Length; i++)
        {
            var (plan, index) = _path[i];
            switch (plan.Step)
            {
                case PlanStep.Vec:
                    text.Append(System.Globalization.CultureInfo.InvariantCulture, $"[{index}]");
                    break;
                case PlanStep.Record when plan.Slots[index] >= 0:
                    text.Append('.').Append(plan.Labels[plan.Slots[index]]);
                    break;
                case PlanStep.Record:
                    text.Append('.').Append(_table[plan.Wire].Labels[index]);
                    break;
                case PlanStep.Variant:
                    text.Append('.').Append(plan.Labels[index]);
                    break;
                default:
                    text.Append('?');
                    break;
            }
        }

        return text.ToString();
    }
}
