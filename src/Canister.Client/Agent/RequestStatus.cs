using System.Text;

namespace Decent.Canister.Client;

/// <summary>What a certificate says about one request.</summary>
internal abstract record RequestStatus
{
    private RequestStatus()
    {
    }

    internal sealed record Replied(ReadOnlyMemory<byte> Reply) : RequestStatus;

    internal sealed record Rejected(ulong Code, string Message, string? ErrorCode) : RequestStatus;

    internal sealed record Running(string Name) : RequestStatus;

    internal sealed record Done : RequestStatus;

    internal sealed record Absent : RequestStatus;

    /// <summary>The tree was pruned where the status would be, or says something impossible.</summary>
    internal sealed record Unusable(string Why) : RequestStatus;

    internal static RequestStatus Of(HashTree tree, RequestId id)
    {
        var path = StatePath.RequestStatus(id);
        switch (tree.LookupSubtree(path))
        {
            case LookupResult.Absent:
                return new Absent();
            case LookupResult.Unknown:
                return new Unusable("The status of the request was left out of the certificate.");
        }

        if (tree.Lookup(path.Add("status")) is not LookupResult.Found status)
        {
            return new Unusable("The certificate lists the request without a status.");
        }

        return Encoding.UTF8.GetString(status.Value.Span) switch
        {
            "received" => new Running("received"),
            "processing" => new Running("processing"),
            "done" => new Done(),
            "replied" => tree.Lookup(path.Add("reply")) is LookupResult.Found reply
                ? new Replied(reply.Value)
                : new Unusable("The certificate says replied but shows no reply."),
            "rejected" => ReadRejection(tree, path),
            var other => new Unusable($"The certificate shows the unknown status '{other}'."),
        };
    }

    private static RequestStatus ReadRejection(HashTree tree, StatePath path)
    {
        if (tree.Lookup(path.Add("reject_code")) is not LookupResult.Found code
            || tree.Lookup(path.Add("reject_message")) is not LookupResult.Found message)
        {
            return new Unusable("The certificate says rejected but shows no reject code and message.");
        }

        try
        {
            var errorCode = tree.Lookup(path.Add("error_code")) is LookupResult.Found found
                ? Encoding.UTF8.GetString(found.Value.Span)
                : null;
            return new Rejected(
                Leb128.DecodeUInt64(code.Value.Span), Encoding.UTF8.GetString(message.Value.Span), errorCode);
        }
        catch (FormatException)
        {
            return new Unusable("The reject code is malformed.");
        }
    }
}
