namespace Decent.Candid;

/// <summary>
/// A reader with the wire types of its message: passes over values, counts the work, and knows the path it is on.
/// </summary>
internal ref struct WireCursor
{
    internal CandidReader Reader;
    internal int Depth;
    internal long Work;

    private readonly CandidLimits _limits;
    private long _zeroSized;
    private int _skipDepth;
    private (CandidPlan Plan, int Index)[] _path;

    internal WireCursor(CandidReader reader, WireTable table, CandidLimits limits, int messageLength)
    {
        Reader = reader;
        Table = table;
        _limits = limits;
        Work = limits.BaseWork + (limits.WorkPerByte * messageLength);
        _zeroSized = limits.MaxZeroSizedElements;
        _path = new (CandidPlan, int)[16];
    }

    internal WireTable Table { get; }

    /// <summary>Says which part of the innermost value is read next.</summary>
    internal readonly void At(int index) => _path[Depth - 1].Index = index;

    /// <summary>Takes nodes from the budget.</summary>
    internal void Charge(long nodes)
    {
        Work -= nodes;
        if (Work < 0)
        {
            throw Reader.Fault("message asks for too much work");
        }
    }

    /// <summary>The length of a vector, refused before anything is allocated when it cannot be true.</summary>
    internal int ReadCount(int item)
    {
        var at = Reader.Offset;
        var count = Reader.ReadLeb64();
        var size = (ulong)Table.MinSize(item);
        if (size > 0)
        {
            return count <= (ulong)Reader.Remaining / size
                ? (int)count
                : throw new CandidDecodeException(
                    $"vector of {count} elements cannot be in the {Reader.Remaining} bytes that are left", at);
        }

        if (count > (ulong)_zeroSized)
        {
            throw new CandidDecodeException($"too many elements without size ({count})", at);
        }

        _zeroSized -= (long)count;
        return (int)count;
    }

    /// <summary>Passes over a value, validating it.</summary>
    internal void Skip(int wire)
    {
        Charge(1);
        if (wire < 0)
        {
            SkipPrimitive(WireCode.Kind(wire));
            return;
        }

        if (Depth + ++_skipDepth > _limits.MaxDepth)
        {
            throw Reader.Fault($"nested deeper than {_limits.MaxDepth}");
        }

        SkipComposite(Table[wire]);
        _skipDepth--;
    }

    private void SkipComposite(WireType type)
    {
        switch (type.Kind)
        {
            case CandidKind.Opt:
                if (Reader.ReadOptFlag())
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
                var tag = Reader.ReadLeb64();
                Skip(tag < (ulong)type.Parts.Length
                    ? type.Parts[(int)tag]
                    : throw Reader.Fault($"case {tag} of a variant with {type.Parts.Length} cases"));
                break;
            case CandidKind.Func:
                Reader.ReadReferenceFlag();
                Reader.ReadPrincipalSpan();
                Reader.SkipText();
                break;
            case CandidKind.Service:
                Reader.ReadPrincipalSpan();
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
            Reader.Skip(checked(count * size));
            return;
        }

        for (var i = 0; i < count; i++)
        {
            Skip(item);
        }
    }

    private void SkipFuture()
    {
        var length = Reader.ReadLength();
        if (Reader.ReadLeb64() != 0)
        {
            throw Reader.Fault("references of an unknown kind");
        }

        Reader.Skip(length);
    }

    private void SkipPrimitive(CandidKind kind)
    {
        switch (kind)
        {
            case CandidKind.Null or CandidKind.Reserved:
                break;
            case CandidKind.Bool:
                Reader.ReadBool();
                break;
            case CandidKind.Nat or CandidKind.Int:
                while (Reader.ReadByte() >= 0x80)
                {
                }

                break;
            case CandidKind.Text:
                Reader.SkipText();
                break;
            case CandidKind.Principal:
                Reader.ReadPrincipalSpan();
                break;
            case CandidKind.Empty:
                throw Reader.Fault("type empty has no value");
            default:
                Reader.Skip(FixedSize(kind));
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

    internal void Enter(CandidPlan plan)
    {
        if (Depth >= _limits.MaxDepth)
        {
            throw Reader.Fault($"nested deeper than {_limits.MaxDepth}");
        }

        if (Depth == _path.Length)
        {
            Array.Resize(ref _path, _path.Length * 2);
        }

        _path[Depth++] = (plan, 0);
    }

    internal readonly string Path(int argument, int depth)
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
                    text.Append('.').Append(Table[plan.Wire].Labels[index]);
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
