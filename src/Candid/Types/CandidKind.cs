namespace Decent.Candid;

/// <summary>The outermost constructor of a Candid type.</summary>
public enum CandidKind
{
    /// <summary>The unit type.</summary>
    Null,

    /// <summary>Truth value.</summary>
    Bool,

    /// <summary>Unbounded natural number.</summary>
    Nat,

    /// <summary>Unbounded integer.</summary>
    Int,

    /// <summary>8-bit natural number.</summary>
    Nat8,

    /// <summary>16-bit natural number.</summary>
    Nat16,

    /// <summary>32-bit natural number.</summary>
    Nat32,

    /// <summary>64-bit natural number.</summary>
    Nat64,

    /// <summary>8-bit integer.</summary>
    Int8,

    /// <summary>16-bit integer.</summary>
    Int16,

    /// <summary>32-bit integer.</summary>
    Int32,

    /// <summary>64-bit integer.</summary>
    Int64,

    /// <summary>IEEE 754 single.</summary>
    Float32,

    /// <summary>IEEE 754 double.</summary>
    Float64,

    /// <summary>Unicode text.</summary>
    Text,

    /// <summary>Supertype of everything; its value carries nothing.</summary>
    Reserved,

    /// <summary>Subtype of everything; has no value.</summary>
    Empty,

    /// <summary>Identity.</summary>
    Principal,

    /// <summary>Optional value.</summary>
    Opt,

    /// <summary>Sequence.</summary>
    Vec,

    /// <summary>Labelled product.</summary>
    Record,

    /// <summary>Labelled sum.</summary>
    Variant,

    /// <summary>Reference to a method.</summary>
    Func,

    /// <summary>Reference to a service.</summary>
    Service,

    /// <summary>A type of a later version of the format: its values can only be skipped.</summary>
    Future,
}
