using System.Text.Json.Serialization;

namespace Decent.Replica.Faults;

/// <summary>How the replica may misbehave on purpose.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>The connection breaks before the request is taken up; nothing is executed.</summary>
    DropRequest,

    /// <summary>The request is executed, then the connection breaks.</summary>
    DropAnswer,

    /// <summary>202 accepted, but the request never reaches the subnet.</summary>
    AcceptThenLose,

    /// <summary>202 accepted; executed after the delay.</summary>
    AcceptLate,

    /// <summary>503, nothing is executed.</summary>
    ServiceUnavailable,

    /// <summary>The answer comes after the delay; the request itself is executed at once.</summary>
    DelayAnswer,

    /// <summary>The network delivers the same bytes twice.</summary>
    DuplicateDelivery,

    /// <summary>One node refuses the call before it is taken up; not certified, nothing is executed.</summary>
    NonReplicatedReject,

    /// <summary>The update commits and then the message traps: executed, but answered with a reject.</summary>
    TrapAfterCommit,

    /// <summary>The node leaves the status out of its certificate: it shows neither it nor its absence.</summary>
    PruneStatus,

    /// <summary>The update executes, but its status collapses to <c>done</c>: the answer is lost.</summary>
    StatusDone,

    /// <summary>The certificate of the answer is ten minutes old.</summary>
    StaleCertificate,

    /// <summary>The certificate's delegation does not cover the canister.</summary>
    ForeignDelegation,

    /// <summary>The certificate's signature does not belong to its tree.</summary>
    WrongCertificateSignature,

    /// <summary>The node's signature on a query answer is wrong.</summary>
    WrongNodeSignature,
}
