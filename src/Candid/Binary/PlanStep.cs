namespace Decent.Candid;

/// <summary>What to do with a value of one wire type where one type is expected.</summary>
internal enum PlanStep
{
    /// <summary>Cannot be coerced; the bytes are not touched.</summary>
    Refuse,

    /// <summary>Pass over the bytes; the value is reserved.</summary>
    Discard,

    /// <summary>Read by kind, one to one.</summary>
    Primitive,

    /// <summary>A natural number where an integer is expected.</summary>
    NatAsInt,

    /// <summary>A service reference where a principal is expected.</summary>
    ServiceAsPrincipal,

    /// <summary>Bytes.</summary>
    Blob,

    /// <summary>Wire null or reserved where an option is expected.</summary>
    OptNull,

    /// <summary>Wire option where an option is expected.</summary>
    OptOpt,

    /// <summary>Wire value that is no option where an option is expected.</summary>
    OptWrap,

    /// <summary>Element by element.</summary>
    Vec,

    /// <summary>Field by field.</summary>
    Record,

    /// <summary>By case.</summary>
    Variant,

    /// <summary>Function reference, subtyping already decided.</summary>
    Func,

    /// <summary>Service reference, subtyping already decided.</summary>
    Service,
}
