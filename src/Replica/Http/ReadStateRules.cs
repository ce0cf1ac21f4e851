using System.Text;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Execution;

namespace Decent.Replica.Http;

/// <summary>Which parts of the state tree who may read.</summary>
internal static class ReadStateRules
{
    /// <summary>Null when all paths may be read, otherwise status code and words.</summary>
    public static (int Code, string Why)? FindFault(
        ReplicaEngine engine, RequestContent content, Principal effective, bool subnetEndpoint)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in content.Paths)
        {
            var fault = Check(engine, content.Sender, effective, subnetEndpoint, path, asked);
            if (fault is not null)
            {
                return fault;
            }
        }

        return asked.Count > 1 ? (400, "A read_state asks for one request only.") : null;
    }

    private static (int Code, string Why)? Check(
        ReplicaEngine engine,
        Principal sender,
        Principal effective,
        bool subnetEndpoint,
        StatePath path,
        HashSet<string> asked)
    {
        if (path.Labels.Count == 0)
        {
            return (404, "The whole tree cannot be read.");
        }

        switch (Encoding.UTF8.GetString(path.Labels[0].Span))
        {
            case "time":
            case "subnet":
            case "api_boundary_nodes":
                return null;
            case "canister_ranges" when subnetEndpoint:
                return null;
            case "canister" when !subnetEndpoint && path.Labels.Count >= 2:
                return path.Labels[1].Span.SequenceEqual(effective.Bytes)
                    ? null
                    : (400, "The path names another canister than the address.");
            case "request_status" when !subnetEndpoint && path.Labels.Count >= 2:
                return CheckRequest(engine, sender, path.Labels[1], asked);
            default:
                return (404, $"The path {path} cannot be read here.");
        }
    }

    private static (int Code, string Why)? CheckRequest(
        ReplicaEngine engine, Principal sender, ReadOnlyMemory<byte> label, HashSet<string> asked)
    {
        if (label.Length != RequestId.Length)
        {
            return (400, "A request id has 32 bytes.");
        }

        _ = asked.Add(Convert.ToHexString(label.Span));
        return engine.SenderOf(new RequestId(label.Span)) is { } owner && owner != sender
            ? (403, "The request belongs to another sender.")
            : null;
    }
}
