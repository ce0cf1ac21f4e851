namespace Decent.Canister.Client;

/// <summary>Why the fate of a call is not known.</summary>
public enum UnknownReason
{
    /// <summary>No answer came: the connection failed or took too long.</summary>
    NoAnswer,

    /// <summary>One node or gateway refused it or failed; that is one machine's word.</summary>
    Refused,

    /// <summary>It was taken up and has not ended.</summary>
    Running,

    /// <summary>The state tree does not list it (yet) and its expiry has not passed.</summary>
    NotListed,

    /// <summary>The answer was malformed, out of date, out of scope or did not say what was asked.</summary>
    BadAnswer,

    /// <summary>It executed, but its answer is no longer kept.</summary>
    Done,

    /// <summary>Too late: absence no longer proves anything.</summary>
    TooLate,

    /// <summary>Its expiry passed before it could be sent (again).</summary>
    Expired,
}
