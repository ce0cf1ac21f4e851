using System.Security.Cryptography;
using System.Threading.Channels;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Canisters;
using Decent.Replica.State;

namespace Decent.Replica.Execution;

/// <summary>
/// The subnet: takes requests up once, writes them to the log, executes them one after the other, and answers
/// queries and certificates from the state in between. Waiting updates are logged together, with one flush.
/// </summary>
internal sealed class ReplicaEngine : IAsyncDisposable
{
    private const int LargestBatch = 256;

    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly UpdateLog log;
    private readonly NodeIdentity node;
    private readonly StateTree tree;
    private readonly RequestBook requests = new();
    private readonly IReadOnlyList<NativeCanister> order;
    private readonly Dictionary<Principal, NativeCanister> canisters;
    private readonly Dictionary<RequestId, TaskCompletionSource> running = [];
    private readonly Channel<Job> queue = Channel.CreateUnbounded<Job>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Dictionary<string, long> executedByMethod = new(StringComparer.Ordinal);
    private readonly Task worker;
    private ulong lastTime;
    private Exception? broken;

    public ReplicaEngine(ReplicaOptions options, TimeProvider clock, ICertificateSigner? signer)
    {
        this.clock = clock;
        Directory.CreateDirectory(options.DataDirectory);
        node = NodeIdentity.Load(options.DataDirectory);
        signer ??= BlsCertificateSigner.Load(options.DataDirectory);
        order = Genesis.Canisters(options.ArchiveAfter);
        canisters = order.ToDictionary(static c => c.Id);
        tree = new StateTree(signer, node, canisters, requests);
        RootKeyDer = signer.RootKeyDer;
        log = UpdateLog.Open(Path.Combine(options.DataDirectory, "updates.log"), out var records);
        foreach (var record in records)
        {
            Replay(record);
        }

        worker = WorkAsync();
    }

    public ReadOnlyMemory<byte> RootKeyDer { get; }

    public Principal SubnetId => tree.SubnetId;

    /// <summary>Updates executed since genesis.</summary>
    public long Executed { get; private set; }

    /// <summary>Updates executed since genesis by "canister.method".</summary>
    public IReadOnlyDictionary<string, long> ExecutedByMethod
    {
        get
        {
            lock (gate)
            {
                return new SortedDictionary<string, long>(executedByMethod, StringComparer.Ordinal);
            }
        }
    }

    public IEnumerable<NativeCanister> Canisters => order;

    /// <summary>Subnet time, nanoseconds since 1970; never goes back.</summary>
    public ulong NowNs()
    {
        lock (gate)
        {
            return Tick();
        }
    }

    public NativeCanister? Find(Principal canister) => canisters.GetValueOrDefault(canister);

    /// <summary>
    /// Takes a call up and completes when it is executed. A call whose id is known already is not taken up again: the
    /// task completes with the first one.
    /// </summary>
    public Task SubmitAsync(RequestContent call, UpdateFlags flags)
    {
        lock (gate)
        {
            ThrowIfBroken();
            requests.Prune(Tick());
            if (!requests.TryReceive(call.Id, call.Sender, call.IngressExpiryNs))
            {
                return running.TryGetValue(call.Id, out var first) ? first.Task : Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            running.Add(call.Id, done);
            Enqueue(new Job(call.Id, call.IngressExpiryNs, flags, call.Sender, call.CanisterId!, call.MethodName!,
                call.Arg.ToArray(), done, null));
            return done.Task;
        }
    }

    /// <summary>Executes an operator's action as part of the log.</summary>
    /// <returns>Its answer in JSON.</returns>
    /// <exception cref="ControlException">Refused; nothing changed.</exception>
    public async Task<byte[]> ControlAsync(Principal canister, string method, byte[] arg)
    {
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            ThrowIfBroken();
            Enqueue(new Job(default, 0, UpdateFlags.Control, Principal.ManagementCanister, canister, method, arg,
                null, answer));
        }

        return await answer.Task;
    }

    /// <summary>Executes a query against the present state.</summary>
    public (CanisterReply Reply, ulong TimeNs) Query(RequestContent query)
    {
        lock (gate)
        {
            var now = Tick();
            if (Find(query.CanisterId!) is not { } canister)
            {
                return (CanisterReply.CanisterNotFound(query.CanisterId!.ToText()), now);
            }

            if (canister.IsQuery(query.MethodName!) != true)
            {
                return (CanisterReply.MethodNotFound(canister.Id.ToText(), query.MethodName!), now);
            }

            var certified = StatePath.Of("canister").Add(canister.Id.ToArray()).Add("certified_data");
            var context = new MessageContext(
                query.Sender,
                now,
                () => tree.Sign(tree.Show([certified], now), new CertificateForm(RangesShown.Sharded)));
            return (canister.Execute(query.MethodName!, query.Arg.Span, context), now);
        }
    }

    /// <summary>A certificate of the present state.</summary>
    /// <param name="paths">What it shows beside the time.</param>
    /// <param name="form">How it is made.</param>
    public byte[] Certificate(IReadOnlyList<StatePath> paths, CertificateForm form)
    {
        UnsignedState state;
        lock (gate)
        {
            var now = Tick();
            requests.Prune(now);
            state = tree.Show(paths, now, form.AgeNs);
        }

        return tree.Sign(state, form);
    }

    public Principal? SenderOf(RequestId id)
    {
        lock (gate)
        {
            return requests.SenderOf(id);
        }
    }

    public bool IsKnown(RequestId id)
    {
        lock (gate)
        {
            return requests.IsKnown(id);
        }
    }

    public Principal NodeId => node.Id;

    public byte[] SignAsNode(ReadOnlySpan<byte> message) => node.Sign(message);

    /// <summary>Reads something of a canister's state while no update runs.</summary>
    public T Read<T>(Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }

    /// <summary>One hash over the states of all canisters: equal states, equal digest.</summary>
    public string StateDigest()
    {
        lock (gate)
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var canister in order)
            {
                digest.AppendData(canister.Id.Bytes);
                canister.AddTo(digest);
            }

            return Convert.ToHexStringLower(digest.GetHashAndReset());
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ = queue.Writer.TryComplete();
        await worker;
        log.Dispose();
    }

    private void ThrowIfBroken()
    {
        if (broken is not null)
        {
            throw new IOException("The replica can no longer write its log and has stopped.", broken);
        }
    }

    private void Enqueue(Job job)
    {
        if (!queue.Writer.TryWrite(job))
        {
            throw new IOException("The replica is stopping.");
        }
    }

    private ulong Tick()
    {
        var now = (ulong)(clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        lastTime = Math.Max(lastTime, now);
        return lastTime;
    }

    private async Task WorkAsync()
    {
        var batch = new List<Job>(LargestBatch);
        while (await queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var job))
            {
                batch.Add(job);
            }

            try
            {
                Execute(batch);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // The log decides what happened. Without it nothing more may happen.
                Break(batch, e);
            }
        }
    }

    private void Execute(List<Job> batch)
    {
        ulong now;
        lock (gate)
        {
            ThrowIfBroken();
            now = Tick();
            _ = batch.RemoveAll(job => IsExpired(job, now));
        }

        if (batch.Count == 0)
        {
            return;
        }

        var records = batch.ConvertAll(j =>
            new UpdateRecord(now, j.Id, j.ExpiryNs, j.Flags, j.Caller, j.Canister, j.Method, j.Arg));
        log.Append(records);
        lock (gate)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                Finish(batch[i], records[i]);
            }
        }
    }

    /// <summary>A call that waited beyond its expiry is not started any more.</summary>
    private bool IsExpired(Job job, ulong now)
    {
        if (job.Done is null || job.ExpiryNs >= now)
        {
            return false;
        }

        requests.Complete(
            job.Id,
            new CanisterReply.Rejected(2, "The call expired before it was started", "IC0202"),
            UpdateFlags.None);
        _ = running.Remove(job.Id);
        _ = job.Done.TrySetResult();
        return true;
    }

    private void Finish(Job job, UpdateRecord record)
    {
        try
        {
            var answer = Apply(record);
            _ = job.Answer?.TrySetResult(answer);
        }
        catch (ControlException refused)
        {
            _ = job.Answer?.TrySetException(refused);
        }

        if (job.Done is not null)
        {
            _ = running.Remove(job.Id);
            _ = job.Done.TrySetResult();
        }
    }

    private void Break(List<Job> batch, Exception cause)
    {
        lock (gate)
        {
            broken = cause;
            foreach (var job in batch)
            {
                _ = running.Remove(job.Id);
                _ = job.Done?.TrySetException(cause);
                _ = job.Answer?.TrySetException(cause);
            }
        }
    }

    private void Replay(UpdateRecord record)
    {
        lastTime = Math.Max(lastTime, record.TimeNs);
        if (!record.Flags.HasFlag(UpdateFlags.Control))
        {
            requests.Prune(record.TimeNs);
            _ = requests.TryReceive(record.Id, record.Caller, record.ExpiryNs);
        }

        try
        {
            _ = Apply(record);
        }
        catch (ControlException)
        {
            // Was refused then, is refused now.
        }
    }

    /// <summary>The one place where state changes: from a record of the log alone.</summary>
    private byte[] Apply(UpdateRecord record)
    {
        Count(record);
        if (record.Flags.HasFlag(UpdateFlags.Control))
        {
            var target = Find(record.Canister) ?? throw new ControlException($"No canister {record.Canister}.");
            var answer = target.Control(record.Method, record.Arg, record.TimeNs);
            tree.CanistersChanged();
            return answer;
        }

        var reply = Find(record.Canister) is { } canister
            ? canister.Execute(record.Method, record.Arg, new MessageContext(record.Caller, record.TimeNs, null))
            : CanisterReply.CanisterNotFound(record.Canister.ToText());
        if (record.Flags.HasFlag(UpdateFlags.TrapAfterCommit))
        {
            reply = CanisterReply.Trapped(record.Canister.ToText(), "after the block was written");
        }

        tree.CanistersChanged();
        requests.Complete(record.Id, reply, record.Flags);
        return [];
    }

    private void Count(UpdateRecord record)
    {
        Executed++;
        var key = $"{record.Canister}.{record.Method}";
        executedByMethod[key] = executedByMethod.GetValueOrDefault(key) + 1;
    }

    private sealed record Job(
        RequestId Id,
        ulong ExpiryNs,
        UpdateFlags Flags,
        Principal Caller,
        Principal Canister,
        string Method,
        byte[] Arg,
        TaskCompletionSource? Done,
        TaskCompletionSource<byte[]>? Answer);
}
