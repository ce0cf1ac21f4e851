namespace Decent.Candid;

/// <summary>
/// Reads values by wire type and coerces them to expected types in the same pass. A value that cannot be coerced
/// answers null, and the nearest option rewinds, passes over the bytes by wire type, and reads as absent; malformed
/// bytes throw.
/// </summary>
internal ref struct ValueDecoder
{
    private readonly DecodePlanner _planner;
    private readonly TextCache _texts;
    private WireCursor _cursor;
    private (string Reason, int Offset, int Depth) _refusal;

    internal ValueDecoder(CandidReader reader, WireTable table, CandidLimits limits, int messageLength)
    {
        _cursor = new WireCursor(reader, table, limits, messageLength);
        _planner = new DecodePlanner(table);
        _texts = new TextCache();
        _refusal = (string.Empty, 0, 0);
    }

    internal readonly int Remaining => _cursor.Reader.Remaining;

    internal readonly int Offset => _cursor.Reader.Offset;

    /// <summary>Reads an argument; a value that does not fit the expected type throws.</summary>
    internal CandidValue ReadArgument(int wire, CandidType? expected, int index)
    {
        _cursor.Depth = 0;
        try
        {
            return Read(Plan(wire, expected))
                ?? throw new CandidDecodeException(
                    _refusal.Reason, _refusal.Offset, _cursor.Path(index, _refusal.Depth));
        }
        catch (CandidDecodeException fault) when (fault.Path.Length == 0)
        {
            throw new CandidDecodeException(fault.Reason, fault.Offset, _cursor.Path(index, _cursor.Depth));
        }
    }

    /// <summary>Passes over an argument, validating it.</summary>
    internal void SkipArgument(int wire, int index)
    {
        _cursor.Depth = 0;
        try
        {
            _cursor.Skip(wire);
        }
        catch (CandidDecodeException fault) when (fault.Path.Length == 0)
        {
            throw new CandidDecodeException(fault.Reason, fault.Offset, _cursor.Path(index, 0));
        }
    }

    private CandidValue? Read(CandidPlan plan)
    {
        _cursor.Charge(1);
        switch (plan.Step)
        {
            case PlanStep.Primitive:
                return ReadPrimitive(plan.Kind);
            case PlanStep.Blob:
                return new CandidValue.Blob(_cursor.Reader.ReadBlob());
            case PlanStep.Record:
                return ReadRecord(plan);
            case PlanStep.Variant:
                return ReadVariant(plan);
            case PlanStep.Vec:
                return ReadVec(plan);
            case PlanStep.OptOpt:
                return _cursor.Reader.ReadOptFlag() ? ReadSome(plan) : CandidValue.None;
            case PlanStep.OptWrap:
                return ReadSome(plan);
            case PlanStep.OptNull:
                return CandidValue.None;
            case PlanStep.NatAsInt:
                return new CandidValue.Int(_cursor.Reader.ReadNat());
            case PlanStep.Discard:
                _cursor.Skip(plan.Wire);
                return CandidValue.Reserved.Instance;
            case PlanStep.ServiceAsPrincipal:
                return new CandidValue.Principal(_cursor.Reader.ReadPrincipal());
            case PlanStep.Service:
                return new CandidValue.Service(_cursor.Reader.ReadPrincipal());
            case PlanStep.Func:
                _cursor.Reader.ReadReferenceFlag();
                return new CandidValue.Func(_cursor.Reader.ReadPrincipal(), _cursor.Reader.ReadText());
            default:
                return Refuse(plan.Reason);
        }
    }

    private CandidValue ReadPrimitive(CandidKind kind) => kind switch
    {
        CandidKind.Text => new CandidValue.Text(_texts.Read(ref _cursor.Reader)),
        CandidKind.Nat => new CandidValue.Nat(_cursor.Reader.ReadNat()),
        CandidKind.Nat64 => new CandidValue.Nat64(_cursor.Reader.ReadNat64()),
        CandidKind.Null => CandidValue.Null.Instance,
        CandidKind.Bool => _cursor.Reader.ReadBool() ? CandidValue.Bool.True : CandidValue.Bool.False,
        CandidKind.Principal => new CandidValue.Principal(_cursor.Reader.ReadPrincipal()),
        CandidKind.Int => new CandidValue.Int(_cursor.Reader.ReadInt()),
        CandidKind.Nat8 => new CandidValue.Nat8(_cursor.Reader.ReadNat8()),
        CandidKind.Nat16 => new CandidValue.Nat16(_cursor.Reader.ReadNat16()),
        CandidKind.Nat32 => new CandidValue.Nat32(_cursor.Reader.ReadNat32()),
        CandidKind.Int8 => new CandidValue.Int8(_cursor.Reader.ReadInt8()),
        CandidKind.Int16 => new CandidValue.Int16(_cursor.Reader.ReadInt16()),
        CandidKind.Int32 => new CandidValue.Int32(_cursor.Reader.ReadInt32()),
        CandidKind.Int64 => new CandidValue.Int64(_cursor.Reader.ReadInt64()),
        CandidKind.Float32 => new CandidValue.Float32(_cursor.Reader.ReadFloat32()),
        CandidKind.Float64 => new CandidValue.Float64(_cursor.Reader.ReadFloat64()),
        CandidKind.Reserved => CandidValue.Reserved.Instance,
        _ => throw _cursor.Reader.Fault("type empty has no value"),
    };

    private CandidValue.Record? ReadRecord(CandidPlan plan)
    {
        _cursor.Enter(plan);
        var values = plan.Template is null ? new CandidValue[plan.Labels.Length] : (CandidValue[])plan.Template.Clone();
        _cursor.Work -= values.Length;
        var slots = plan.Slots;
        for (var i = 0; i < slots.Length; i++)
        {
            _cursor.At(i);
            if (slots[i] < 0)
            {
                _cursor.Skip(plan.PartWires[i]);
                continue;
            }

            if (Read(plan.Parts[i] ?? Part(plan, i)) is not { } value)
            {
                return null;
            }

            values[slots[i]] = value;
        }

        _cursor.Depth--;
        return new CandidValue.Record(plan.Labels, values);
    }

    private CandidValue? ReadVariant(CandidPlan plan)
    {
        var at = _cursor.Reader.Offset;
        var tag = _cursor.Reader.ReadLeb64();
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

        _cursor.Enter(plan);
        _cursor.At(index);
        var part = plan.Parts[index] ?? Part(plan, index);
        if (Read(part) is not { } value)
        {
            return null;
        }

        _cursor.Depth--;
        var variant = new CandidValue.Variant(plan.Labels[index], value);
        if (part is { Step: PlanStep.Primitive, Kind: CandidKind.Null })
        {
            plan.Constants[index] = variant;
        }

        return variant;
    }

    private CandidValue? ReadVec(CandidPlan plan)
    {
        var count = _cursor.ReadCount(plan.PartWires[0]);
        if (count == 0)
        {
            return plan.PartTypes?[0]?.Kind == CandidKind.Nat8
                ? new CandidValue.Blob([])
                : new CandidValue.Vec([]);
        }

        _cursor.Enter(plan);
        var part = plan.Parts[0] ?? Part(plan, 0);
        var items = new CandidValue[count];
        for (var i = 0; i < items.Length; i++)
        {
            _cursor.At(i);
            if (Read(part) is not { } value)
            {
                return null;
            }

            items[i] = value;
        }

        _cursor.Depth--;
        return new CandidValue.Vec(items);
    }

    private CandidValue.Opt ReadSome(CandidPlan plan)
    {
        var (start, depth) = (_cursor.Reader.Offset, _cursor.Depth);
        _cursor.Enter(plan);
        if (Read(plan.Parts[0] ?? Part(plan, 0)) is { } value)
        {
            _cursor.Depth--;
            return new CandidValue.Opt(value);
        }

        _cursor.Depth = depth;
        _cursor.Reader.Rewind(start);
        _cursor.Skip(plan.PartWires[0]);
        return CandidValue.None;
    }

    private CandidPlan Part(CandidPlan plan, int index) =>
        plan.Parts[index] = Plan(plan.PartWires[index], plan.PartTypes?[index]);

    private CandidPlan Plan(int wire, CandidType? expected)
    {
        var before = _planner.Work;
        try
        {
            var plan = _planner.For(wire, expected);
            _cursor.Work -= _planner.Work - before;
            return plan;
        }
        catch (InvalidOperationException tooLarge)
        {
            throw _cursor.Reader.Fault(tooLarge.Message);
        }
    }

    private CandidValue? Refuse(string reason)
    {
        _refusal = (reason, _cursor.Reader.Offset, _cursor.Depth);
        return null;
    }
}
