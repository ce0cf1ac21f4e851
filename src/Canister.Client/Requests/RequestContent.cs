using System.Numerics;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>What a request says, without its signature. The id covers exactly this.</summary>
public sealed class RequestContent
{
    private const int MaximumNonce = 32;
    private const int MaximumPaths = 1000;
    private const int MaximumLabels = 127;

    private readonly Dictionary<string, HashableValue> fields;

    internal RequestContent(Dictionary<string, HashableValue> fields)
    {
        this.fields = fields;
        Kind = Text("request_type") switch
        {
            "call" => RequestKind.Call,
            "query" => RequestKind.Query,
            "read_state" => RequestKind.ReadState,
            var other => throw new RequestFormatException($"Unknown request type '{other}'."),
        };
        Sender = PrincipalOf("sender");
        IngressExpiryNs = Nat64("ingress_expiry");
        Nonce = Optional("nonce");
        if (Nonce is { Length: > MaximumNonce })
        {
            throw new RequestFormatException($"A nonce has at most {MaximumNonce} bytes.");
        }

        if (Kind == RequestKind.ReadState)
        {
            Paths = ReadPaths();
        }
        else
        {
            CanisterId = PrincipalOf("canister_id");
            MethodName = Text("method_name");
            Arg = Optional("arg") ?? throw Missing("arg");
        }

        Id = RequestId.Of(fields);
    }

    /// <summary>What the request asks for.</summary>
    public RequestKind Kind { get; }

    /// <summary>Who asks.</summary>
    public Principal Sender { get; }

    /// <summary>Nanoseconds since 1970 after which the request is no longer taken up.</summary>
    public ulong IngressExpiryNs { get; }

    /// <summary>Up to 32 bytes that make equal requests different; null when absent.</summary>
    public ReadOnlyMemory<byte>? Nonce { get; }

    /// <summary>The called canister; null for read_state.</summary>
    public Principal? CanisterId { get; }

    /// <summary>The called method; null for read_state.</summary>
    public string? MethodName { get; }

    /// <summary>The Candid argument; empty for read_state.</summary>
    public ReadOnlyMemory<byte> Arg { get; }

    /// <summary>The paths read; empty for call and query.</summary>
    public IReadOnlyList<StatePath> Paths { get; } = [];

    /// <summary>The id of the request.</summary>
    public RequestId Id { get; }

    internal IReadOnlyDictionary<string, HashableValue> Fields => fields;

    /// <summary>The content of a call or a query.</summary>
    public static RequestContent ForMethod(
        RequestKind kind,
        Principal sender,
        Principal canister,
        string method,
        ReadOnlyMemory<byte> arg,
        ulong ingressExpiryNs,
        ReadOnlyMemory<byte>? nonce)
    {
        var said = Common(kind == RequestKind.Query ? "query" : "call", sender, ingressExpiryNs, nonce);
        said["canister_id"] = new HashableValue.Blob(canister.ToArray());
        said["method_name"] = new HashableValue.Text(method);
        said["arg"] = new HashableValue.Blob(arg);
        return new RequestContent(said);
    }

    /// <summary>The content of a read of the state tree.</summary>
    public static RequestContent ForReadState(
        Principal sender, IReadOnlyList<StatePath> paths, ulong ingressExpiryNs, ReadOnlyMemory<byte>? nonce = null)
    {
        var said = Common("read_state", sender, ingressExpiryNs, nonce);
        said["paths"] = new HashableValue.Array(
            [.. paths.Select(static p => new HashableValue.Array(
                [.. p.Labels.Select(static l => new HashableValue.Blob(l))]))]);
        return new RequestContent(said);
    }

    private static Dictionary<string, HashableValue> Common(
        string type, Principal sender, ulong ingressExpiryNs, ReadOnlyMemory<byte>? nonce)
    {
        var said = new Dictionary<string, HashableValue>(StringComparer.Ordinal)
        {
            ["request_type"] = new HashableValue.Text(type),
            ["sender"] = new HashableValue.Blob(sender.ToArray()),
            ["ingress_expiry"] = new HashableValue.Nat(new BigInteger(ingressExpiryNs)),
        };
        if (nonce is { } bytes)
        {
            said["nonce"] = new HashableValue.Blob(bytes);
        }

        return said;
    }

    private static RequestFormatException Missing(string name) =>
        new($"The request has no field '{name}' of the right type.");

    private ReadOnlyMemory<byte>? Optional(string name) => fields.GetValueOrDefault(name) switch
    {
        null => (ReadOnlyMemory<byte>?)null,
        HashableValue.Blob blob => blob.Bytes,
        _ => throw Missing(name),
    };

    private string Text(string name) =>
        fields.GetValueOrDefault(name) is HashableValue.Text text ? text.Value : throw Missing(name);

    private Principal PrincipalOf(string name)
    {
        var bytes = Optional(name) ?? throw Missing(name);
        return bytes.Length <= 29
            ? Principal.FromBytes(bytes.Span)
            : throw new RequestFormatException($"The field '{name}' is longer than a principal.");
    }

    private ulong Nat64(string name) =>
        fields.GetValueOrDefault(name) is HashableValue.Nat { Value: var value } && value <= ulong.MaxValue
            ? (ulong)value
            : throw Missing(name);

    private List<StatePath> ReadPaths()
    {
        if (fields.GetValueOrDefault("paths") is not HashableValue.Array { Items: var items })
        {
            throw Missing("paths");
        }

        if (items.Count > MaximumPaths)
        {
            throw new RequestFormatException($"A read_state asks for at most {MaximumPaths} paths.");
        }

        var paths = new List<StatePath>(items.Count);
        foreach (var item in items)
        {
            if (item is not HashableValue.Array { Items: var labels } || labels.Count > MaximumLabels)
            {
                throw new RequestFormatException($"A path is a list of at most {MaximumLabels} labels.");
            }

            paths.Add(new StatePath([.. labels.Select(static l =>
                l is HashableValue.Blob blob ? blob.Bytes : throw Missing("paths"))]));
        }

        return paths;
    }
}
