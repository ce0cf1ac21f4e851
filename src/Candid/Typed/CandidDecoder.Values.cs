using System.Numerics;

namespace Decent.Candid;

/// <content>Values without parts.</content>
public ref partial struct CandidDecoder
{
    /// <summary>An unbounded natural number.</summary>
    public BigInteger ReadNat(CandidPlan plan) =>
        Is(plan, CandidKind.Nat) ? _cursor.Reader.ReadNat() : default;

    /// <summary>An unbounded integer; a natural number is one.</summary>
    public BigInteger ReadInt(CandidPlan plan) =>
        plan.Step == PlanStep.NatAsInt ? _cursor.Reader.ReadNat()
        : Is(plan, CandidKind.Int) ? _cursor.Reader.ReadInt()
        : default;

    /// <summary>A truth value.</summary>
    public bool ReadBool(CandidPlan plan) => Is(plan, CandidKind.Bool) ? _cursor.Reader.ReadBool() : default;

    /// <summary>A nat8.</summary>
    public byte ReadNat8(CandidPlan plan) => Is(plan, CandidKind.Nat8) ? _cursor.Reader.ReadNat8() : default;

    /// <summary>A nat16.</summary>
    public ushort ReadNat16(CandidPlan plan) => Is(plan, CandidKind.Nat16) ? _cursor.Reader.ReadNat16() : default;

    /// <summary>A nat32.</summary>
    public uint ReadNat32(CandidPlan plan) => Is(plan, CandidKind.Nat32) ? _cursor.Reader.ReadNat32() : default;

    /// <summary>A nat64.</summary>
    public ulong ReadNat64(CandidPlan plan) => Is(plan, CandidKind.Nat64) ? _cursor.Reader.ReadNat64() : default;

    /// <summary>A int8.</summary>
    public sbyte ReadInt8(CandidPlan plan) => Is(plan, CandidKind.Int8) ? _cursor.Reader.ReadInt8() : default;

    /// <summary>A int16.</summary>
    public short ReadInt16(CandidPlan plan) => Is(plan, CandidKind.Int16) ? _cursor.Reader.ReadInt16() : default;

    /// <summary>A int32.</summary>
    public int ReadInt32(CandidPlan plan) => Is(plan, CandidKind.Int32) ? _cursor.Reader.ReadInt32() : default;

    /// <summary>A int64.</summary>
    public long ReadInt64(CandidPlan plan) => Is(plan, CandidKind.Int64) ? _cursor.Reader.ReadInt64() : default;

    /// <summary>A float32.</summary>
    public float ReadFloat32(CandidPlan plan) => Is(plan, CandidKind.Float32) ? _cursor.Reader.ReadFloat32() : default;

    /// <summary>A float64.</summary>
    public double ReadFloat64(CandidPlan plan) => Is(plan, CandidKind.Float64) ? _cursor.Reader.ReadFloat64() : default;

    /// <summary>Text.</summary>
    public string ReadText(CandidPlan plan) =>
        Is(plan, CandidKind.Text) ? (_texts ??= new TextCache()).Read(ref _cursor.Reader) : string.Empty;

    /// <summary>A principal; a service reference is one.</summary>
    public Principal ReadPrincipal(CandidPlan plan) =>
        plan.Step == PlanStep.ServiceAsPrincipal || Is(plan, CandidKind.Principal)
            ? _cursor.Reader.ReadPrincipal()
            : Principal.ManagementCanister;

    /// <summary>The value of null or reserved: passes over whatever is there.</summary>
    public Nothing ReadNothing(CandidPlan plan)
    {
        if (plan.Step == PlanStep.Discard)
        {
            _cursor.Skip(plan.Wire);
        }
        else if (plan.Step != PlanStep.Primitive || plan.Kind is not (CandidKind.Null or CandidKind.Reserved))
        {
            Unfit(plan);
        }

        return default;
    }

    /// <summary>A blob, as a copy.</summary>
    public ReadOnlyMemory<byte> ReadBlob(CandidPlan plan)
    {
        if (plan.Step == PlanStep.Blob)
        {
            return _cursor.Reader.ReadBlob();
        }

        // Another vector fits only while it is empty.
        var count = EnterVec(plan);
        if (count > 0)
        {
            _cursor.At(0);
            ReadNat8(Part(plan, 0));
        }

        if (!Refused)
        {
            Leave();
        }

        return default;
    }

    /// <summary>A reference to a service.</summary>
    public Principal ReadService(CandidPlan plan) => plan.Step == PlanStep.Service || Unfit(plan)
        ? _cursor.Reader.ReadPrincipal()
        : Principal.ManagementCanister;

    /// <summary>A reference to a method.</summary>
    public (Principal Canister, string Method) ReadFunc(CandidPlan plan)
    {
        if (plan.Step != PlanStep.Func)
        {
            Unfit(plan);
            return (Principal.ManagementCanister, string.Empty);
        }

        _cursor.Reader.ReadReferenceFlag();
        return (_cursor.Reader.ReadPrincipal(), _cursor.Reader.ReadText());
    }

    // Only plans of primitives have a kind; every other plan has the first one, null, which nobody asks for here.
    private bool Is(CandidPlan plan, CandidKind kind) => plan.Kind == kind || Unfit(plan);
}
