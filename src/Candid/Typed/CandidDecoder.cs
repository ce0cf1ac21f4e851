namespace Decent.Candid;

/// <summary>
/// Reads a message straight into the types of a generated codec, by the types on the wire and with the coercions of
/// the format, without a tree in between. A value that does not fit sets <see cref="Refused" />; codecs then return at
/// once, and the nearest option reads as absent. Malformed bytes throw <see cref="CandidDecodeException" />.
/// </summary>
public ref partial struct CandidDecoder
{
    /// <summary>What <see cref="EnterVariant" /> answers for a case that is not expected.</summary>
    public const int UnknownCase = -1;

    private readonly CandidSignature _signature;
    private readonly CandidSignature.Reading _reading;
    private WireCursor _cursor;
    private TextCache? _texts;
    private int _argument;
    private (string Reason, int Offset, int Depth) _refusal;

    /// <summary>Opens a message with the default limits.</summary>
    /// <exception cref="CandidDecodeException">The header is malformed or the message too large.</exception>
    public CandidDecoder(ReadOnlySpan<byte> message, CandidSignature signature)
        : this(message, signature, CandidLimits.Default)
    {
    }

    /// <summary>Opens a message.</summary>
    /// <exception cref="CandidDecodeException">The header is malformed or the message too large.</exception>
    public CandidDecoder(ReadOnlySpan<byte> message, CandidSignature signature, CandidLimits limits)
    {
        if (message.Length > limits.MaxMessageBytes)
        {
            throw new CandidDecodeException($"message of {message.Length} bytes is too large", 0);
        }

        var reader = new CandidReader(message);
        _signature = signature;
        _reading = signature.Open(ref reader, message, limits);
        _cursor = new WireCursor(reader, _reading.Table, limits, message.Length);
        _texts = null;
        _argument = 0;
        _refusal = (string.Empty, 0, 0);
        Refused = false;
    }

    /// <summary>True after a value did not fit where it was expected.</summary>
    public bool Refused { get; private set; }

    /// <summary>Starts the next argument.</summary>
    public CandidPlan BeginArgument()
    {
        _cursor.Depth = 0;
        return _reading.Argument(_argument, _signature.Types[_argument], ref _cursor);
    }

    /// <summary>Ends the argument.</summary>
    /// <exception cref="CandidDecodeException">It did not fit.</exception>
    public void EndArgument()
    {
        if (Refused)
        {
            throw new CandidDecodeException(
                _refusal.Reason, _refusal.Offset, _cursor.Path(_argument, _refusal.Depth));
        }

        _argument++;
    }

    /// <summary>Passes over arguments that nobody expects, and sees that nothing is left.</summary>
    /// <exception cref="CandidDecodeException">Malformed, or bytes are left over.</exception>
    public void Finish()
    {
        for (; _argument < _reading.Table.Arguments.Length; _argument++)
        {
            _cursor.Depth = 0;
            _cursor.Skip(_reading.Table.Arguments[_argument]);
        }

        if (_cursor.Reader.Remaining > 0)
        {
            throw _cursor.Reader.Fault($"{_cursor.Reader.Remaining} bytes are left over");
        }
    }

    /// <summary>The same fault with the path of the value that was being read.</summary>
    public readonly CandidDecodeException Locate(CandidDecodeException fault) =>
        fault.Path.Length > 0 || _argument >= _reading.Table.Arguments.Length
            ? fault
            : new CandidDecodeException(fault.Reason, fault.Offset, _cursor.Path(_argument, _cursor.Depth));

    /// <summary>Starts a record; false when it is refused.</summary>
    public bool EnterRecord(CandidPlan plan)
    {
        if (plan.Step != PlanStep.Record)
        {
            return Unfit(plan);
        }

        _cursor.Charge(1 + plan.Slots.Length);
        _cursor.Enter(plan);
        return true;
    }

    /// <summary>
    /// The position of a wire field among the expected fields in ascending order of id; −1 when nobody expects it.
    /// </summary>
    public readonly int Field(CandidPlan plan, int index)
    {
        _cursor.At(index);
        return plan.Slots[index];
    }

    /// <summary>How a field, case or element is read.</summary>
    public CandidPlan Part(CandidPlan plan, int index) =>
        plan.Parts[index] ?? _reading.Part(plan, index, ref _cursor);

    /// <summary>Passes over a wire field.</summary>
    public void SkipField(CandidPlan plan, int index) => _cursor.Skip(plan.PartWires[index]);

    /// <summary>Ends a record, variant or vector.</summary>
    public void Leave() => _cursor.Depth--;

    /// <summary>Starts a variant.</summary>
    /// <param name="plan">How it is read.</param>
    /// <param name="part">How the payload is read; null when the case is refused or unknown.</param>
    /// <param name="label">The label of the case on the wire.</param>
    /// <returns>
    /// The position of the case among the expected ones in ascending order of id. <see cref="UnknownCase" /> when it
    /// is not expected (its payload has then been passed over, and the variant has been left) or when the variant is
    /// refused: see <see cref="Refused" />.
    /// </returns>
    public int EnterVariant(CandidPlan plan, out CandidPlan? part, out uint label)
    {
        part = null;
        label = 0;
        if (plan.Step != PlanStep.Variant)
        {
            Unfit(plan);
            return UnknownCase;
        }

        _cursor.Charge(1);
        var at = _cursor.Reader.Offset;
        var tag = _cursor.Reader.ReadLeb64();
        if (tag >= (ulong)plan.PartWires.Length)
        {
            throw new CandidDecodeException($"case {tag} of a variant with {plan.PartWires.Length} cases", at);
        }

        var index = (int)tag;
        label = plan.Labels[index].Id;
        _cursor.Enter(plan);
        _cursor.At(index);
        if (plan.Slots[index] < 0)
        {
            _cursor.Skip(plan.PartWires[index]);
            _cursor.Depth--;
            return UnknownCase;
        }

        part = Part(plan, index);
        return plan.Slots[index];
    }

    /// <summary>Starts a vector; −1 when it is refused.</summary>
    /// <param name="plan">How it is read.</param>
    /// <returns>The number of elements, which the bytes that are left can hold.</returns>
    public int EnterVec(CandidPlan plan)
    {
        if (plan.Step != PlanStep.Vec)
        {
            Unfit(plan);
            return -1;
        }

        var count = _cursor.ReadCount(plan.PartWires[0]);
        _cursor.Charge(1 + count);
        _cursor.Enter(plan);
        return count;
    }

    /// <summary>Says which element of the vector is read next.</summary>
    public readonly void At(int index) => _cursor.At(index);

    /// <summary>Starts an option; true when there may be a value, to be read by the option's plan.</summary>
    public bool OpenOption(CandidPlan plan, out CandidOption option)
    {
        option = default;
        switch (plan.Step)
        {
            case PlanStep.OptOpt:
                if (!_cursor.Reader.ReadOptFlag())
                {
                    return false;
                }

                break;
            case PlanStep.OptWrap:
                break;
            case PlanStep.OptNull:
                return false;
            default:
                return Unfit(plan);
        }

        _cursor.Charge(1);
        var (offset, depth) = (_cursor.Reader.Offset, _cursor.Depth);
        _cursor.Enter(plan);
        option = new CandidOption(Part(plan, 0), plan.PartWires[0], offset, depth);
        return true;
    }

    /// <summary>Ends an option; false when its value did not fit and was passed over.</summary>
    public bool CloseOption(CandidOption option)
    {
        _cursor.Depth = option.Depth;
        if (!Refused)
        {
            return true;
        }

        Refused = false;
        _cursor.Reader.Rewind(option.Offset);
        _cursor.Skip(option.Wire);
        return false;
    }

    /// <summary>Refuses, or throws where the wire type has no value. Always false.</summary>
    private bool Unfit(CandidPlan plan)
    {
        if (plan is { Step: PlanStep.Primitive, Kind: CandidKind.Empty })
        {
            throw _cursor.Reader.Fault("type empty has no value");
        }

        Refused = true;
        _refusal = (
            plan.Reason.Length > 0 ? plan.Reason : "the value has another type than expected",
            _cursor.Reader.Offset,
            _cursor.Depth);
        return false;
    }
}
