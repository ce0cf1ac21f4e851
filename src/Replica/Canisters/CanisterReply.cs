namespace Decent.Replica.Canisters;

/// <summary>How a message ended.</summary>
internal abstract record CanisterReply
{
    private CanisterReply()
    {
    }

    /// <summary>With a reply in Candid.</summary>
    public sealed record Replied(byte[] Reply) : CanisterReply;

    /// <summary>With a reject of the system or the canister.</summary>
    public sealed record Rejected(ulong Code, string Message, string ErrorCode) : CanisterReply;

    public static Rejected CanisterNotFound(string canister) => new(3, $"Canister {canister} not found", "IC0301");

    public static Rejected MethodNotFound(string canister, string method) =>
        new(5, $"Canister {canister} has no method '{method}'", "IC0536");

    public static Rejected Trapped(string canister, string message) =>
        new(5, $"Canister {canister} trapped: {message}", "IC0503");

    public static Rejected RefusedByInspection(string canister) =>
        new(4, $"Canister {canister} rejected the message", "IC0406");
}
