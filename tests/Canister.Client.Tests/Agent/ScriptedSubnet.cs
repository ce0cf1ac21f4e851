using System.Net;
using System.Numerics;
using System.Text;
using Decent.Candid;
using Microsoft.Extensions.Time.Testing;

namespace Decent.Canister.Client.Tests.Agent;

/// <summary>An agent against a subnet that answers from a script and remembers every byte it was sent.</summary>
internal sealed class ScriptedSubnet : HttpMessageHandler
{
    internal static readonly Principal Canister = Principal.FromText("ryjl3-tyaaa-aaaaa-aaaba-cai");

    internal static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, 123, TimeSpan.Zero);

    private readonly Queue<Func<Received, CancellationToken, Task<HttpResponseMessage>>> script = new();

    internal ScriptedSubnet(
        ReadOnlyMemory<byte>? rootKeyDer = null,
        Func<AgentOptions, AgentOptions>? adjust = null,
        IIdentity? signer = null)
    {
        Business = new FakeTimeProvider(Start);
        Machine = new VirtualTime();
        Identity = new CountingIdentity();
        Options = new AgentOptions { Endpoint = new Uri("http://replica.test/"), RootKeyDer = rootKeyDer };
        Options = adjust?.Invoke(Options) ?? Options;
        Agent = new HttpAgent(
            new HttpClient(this), signer ?? Identity, Options, Business, Machine, SystemRandomBytes.Instance);
    }

    internal FakeTimeProvider Business { get; }

    internal VirtualTime Machine { get; }

    internal CountingIdentity Identity { get; }

    internal AgentOptions Options { get; }

    internal HttpAgent Agent { get; }

    internal List<Received> Requests { get; } = [];

    /// <summary>Answers when the script has ended.</summary>
    internal Func<Received, HttpResponseMessage>? Otherwise { get; set; }

    internal ulong NowNs => (ulong)(Business.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;

    internal ScriptedSubnet Then(Func<Received, HttpResponseMessage> answer)
    {
        script.Enqueue((r, _) => Task.FromResult(answer(r)));
        return this;
    }

    internal ScriptedSubnet ThenStatus(int status) => Then(_ => new HttpResponseMessage((HttpStatusCode)status));

    internal ScriptedSubnet ThenBytes(byte[] body) => Then(_ => Ok(body));

    internal ScriptedSubnet ThenNetworkError() =>
        Then(HttpResponseMessage (_) => throw new HttpRequestException("connection reset"));

    /// <summary>Does not answer until the agent's time limit passes.</summary>
    internal ScriptedSubnet ThenSilence()
    {
        script.Enqueue(async (received, ct) =>
        {
            var never = new TaskCompletionSource<HttpResponseMessage>();
            await using var registration = ct.Register(() => never.TrySetCanceled(ct));
            ThreadPool.QueueUserWorkItem(_ => Machine.PassLimits());
            return await never.Task;
        });
        return this;
    }

    /// <summary>Answers a call with "replied" and a certificate over these status fields of the request.</summary>
    internal ScriptedSubnet ThenCallCertificate(RequestId id, params (string Label, byte[] Value)[] fields) =>
        Then(_ => Ok(Replied(Certified(StatusTree(id, fields)))));

    /// <summary>Answers a read of the state with a certificate over these status fields of the request.</summary>
    internal ScriptedSubnet ThenState(RequestId id, params (string Label, byte[] Value)[] fields) =>
        Then(_ => Ok(Map(("certificate", Certified(StatusTree(id, fields))))));

    internal HashTree StatusTree(RequestId id, params (string Label, byte[] Value)[] fields) => Tree(
        NowNs,
        fields.Length == 0
            ? HashTree.Empty
            : HashTree.Labeled(id.ToArray(), HashTree.OfLabels(fields.Select(f => KeyValuePair.Create(
                (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(f.Label), HashTree.Leaf(f.Value))))));

    internal static HashTree Tree(ulong timeNs, HashTree requestStatus) => HashTree.Fork(
        HashTree.Labeled("request_status", requestStatus),
        HashTree.Labeled("time", HashTree.Leaf(Leb128.EncodeUnsigned(new BigInteger(timeNs)))));

    internal static byte[] Certified(HashTree tree) => Certificate.Write(tree, new byte[48]);

    internal static byte[] Replied(byte[] certificate) =>
        Map(("status", "replied"), ("certificate", certificate));

    internal static HttpResponseMessage Ok(byte[] body) =>
        new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };

    internal static byte[] Map(params (string Key, object Value)[] fields)
    {
        var writer = CborText.Create();
        writer.WriteStartMap(fields.Length);
        foreach (var (key, value) in fields)
        {
            writer.WriteTextString(key);
            switch (value)
            {
                case string text:
                    writer.WriteTextString(text);
                    break;
                case byte[] bytes:
                    writer.WriteByteString(bytes);
                    break;
                case int number:
                    writer.WriteInt32(number);
                    break;
                case ValueTuple<string, byte[]> inner:
                    writer.WriteStartMap(1);
                    writer.WriteTextString(inner.Item1);
                    writer.WriteByteString(inner.Item2);
                    writer.WriteEndMap();
                    break;
                default:
                    throw new NotSupportedException();
            }
        }

        writer.WriteEndMap();
        return writer.Encode();
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var received = new Received(
            request.RequestUri!.AbsolutePath,
            body,
            request.Content?.Headers.ContentType?.MediaType,
            request.RequestUri.Host);
        Func<Received, CancellationToken, Task<HttpResponseMessage>>? answer;
        lock (script)
        {
            Requests.Add(received);
            _ = script.TryDequeue(out answer);
        }

        if (answer is not null)
        {
            return await answer(received, cancellationToken);
        }

        return Otherwise?.Invoke(received)
            ?? throw new InvalidOperationException("The script has ended: " + received.Path);
    }

    internal sealed record Received(string Path, byte[] Body, string? ContentType, string Host)
    {
        internal RequestContent Content => RequestEnvelope.Parse(Body).Content;
    }

    /// <summary>Counts signatures, so that a test can see that nothing was signed twice.</summary>
    internal sealed class CountingIdentity : IIdentity
    {
        private readonly Ed25519Identity inner = Ed25519Identity.FromSeed(new byte[32]);

        public Principal Sender => inner.Sender;

        public ReadOnlyMemory<byte> PublicKeyDer => inner.PublicKeyDer;

        internal int Signatures { get; private set; }

        public byte[] Sign(ReadOnlySpan<byte> message)
        {
            Signatures++;
            return inner.Sign(message);
        }
    }
}
