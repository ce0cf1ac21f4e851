using System.Text;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Canisters;
using Leb128 = Decent.Canister.Client.Leb128;

namespace Decent.Replica.Execution;

/// <summary>Where a request stands.</summary>
internal enum RequestState
{
    Received,
    Processing,
    Replied,
    Rejected,
    Done,
}

/// <summary>
/// The requests the subnet knows: recognises a repeat of the same bytes, and shows each request's fate in the state
/// tree until five minutes after its expiry. Not safe for concurrent use.
/// </summary>
internal sealed class RequestBook
{
    /// <summary>How long after its expiry a request stays visible, nanoseconds.</summary>
    public const ulong KeptAfterExpiryNs = 5UL * 60 * 1_000_000_000;

    private readonly Dictionary<RequestId, Entry> entries = [];
    private readonly PriorityQueue<RequestId, ulong> byExpiry = new();
    private HashTree? tree;

    public int Count => entries.Count;

    /// <summary>Takes a request up; false when it is known already.</summary>
    public bool TryReceive(RequestId id, Principal sender, ulong expiryNs)
    {
        if (!entries.TryAdd(id, new Entry(sender, RequestState.Received, null, null)))
        {
            return false;
        }

        byExpiry.Enqueue(id, expiryNs);
        Changed(id);
        return true;
    }

    public void Complete(RequestId id, CanisterReply reply, UpdateFlags flags)
    {
        var state = flags.HasFlag(UpdateFlags.StatusDone) ? RequestState.Done
            : reply is CanisterReply.Replied ? RequestState.Replied : RequestState.Rejected;
        entries[id] = entries[id] with { State = state, Reply = reply };
        Changed(id);
    }

    /// <summary>Forgets what no certificate can show any more.</summary>
    public void Prune(ulong nowNs)
    {
        while (byExpiry.TryPeek(out var id, out var expiry) && expiry + KeptAfterExpiryNs < nowNs)
        {
            _ = byExpiry.Dequeue();
            _ = entries.Remove(id);
            tree = null;
        }
    }

    public Principal? SenderOf(RequestId id) => entries.GetValueOrDefault(id)?.Sender;

    public bool IsKnown(RequestId id) => entries.ContainsKey(id);

    /// <summary>The subtree <c>/request_status</c>.</summary>
    public HashTree Tree() => tree ??= HashTree.OfLabels(entries
        .Select(static e => new KeyValuePair<ReadOnlyMemory<byte>, HashTree>(e.Key.ToArray(), e.Value.Tree!)));

    private static HashTree Node(Entry entry)
    {
        var children = new List<KeyValuePair<ReadOnlyMemory<byte>, HashTree>>
        {
            Leaf("status", Encoding.UTF8.GetBytes(entry.State switch
            {
                RequestState.Received => "received",
                RequestState.Processing => "processing",
                RequestState.Replied => "replied",
                RequestState.Rejected => "rejected",
                _ => "done",
            })),
        };
        switch (entry.State, entry.Reply)
        {
            case (RequestState.Replied, CanisterReply.Replied replied):
                children.Add(Leaf("reply", replied.Reply));
                break;
            case (RequestState.Rejected, CanisterReply.Rejected rejected):
                children.Add(Leaf("reject_code", Leb128.EncodeUnsigned(rejected.Code)));
                children.Add(Leaf("reject_message", Encoding.UTF8.GetBytes(rejected.Message)));
                children.Add(Leaf("error_code", Encoding.UTF8.GetBytes(rejected.ErrorCode)));
                break;
            default:
                break;
        }

        return HashTree.OfLabels(children);
    }

    private static KeyValuePair<ReadOnlyMemory<byte>, HashTree> Leaf(string label, byte[] value) =>
        new(Encoding.UTF8.GetBytes(label), HashTree.Leaf(value));

    private void Changed(RequestId id)
    {
        entries[id] = entries[id] with { Tree = Node(entries[id]) };
        tree = null;
    }

    private sealed record Entry(Principal Sender, RequestState State, CanisterReply? Reply, HashTree? Tree);
}
