using Decent.Candid;

namespace Decent.Canister.Client;

public sealed partial class HttpAgent
{
    /// <inheritdoc />
    public Task<QueryOutcome> QueryAsync(
        Principal canister, string method, ReadOnlyMemory<byte> arg, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(canister);
        var request = Sign(
            RequestContent.ForMethod(
                RequestKind.Query, identity.Sender, canister, method, arg, ExpiryNs(null), nonce: null),
            canister,
            identity);
        return Telemetry.RunAsync(
            "query", canister, method, request.Id, machineTime, RunAsync, Telemetry.OutcomeOf);

        async Task<QueryOutcome> RunAsync()
        {
            try
            {
                var answer = await SendAsync(
                    $"api/v3/canister/{canister}/query", request.Bytes, repeat: true, ct);
                return await JudgeAsync(request, ReadOk(answer), ct);
            }
            catch (AgentException e)
            {
                return new QueryOutcome.Unavailable(e.Message) { Reason = e.Reason };
            }
        }
    }

    /// <inheritdoc />
    public Task<StateReading> ReadStateAsync(
        Principal canister, IReadOnlyList<StatePath> paths, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(canister);
        return Telemetry.RunAsync(
            "read_state",
            canister,
            null,
            null,
            machineTime,
            () => ReadCanisterStateAsync(canister, paths, identity, repeat: true, ct),
            static _ => "read");
    }

    /// <inheritdoc />
    public Task<StateReading> ReadSubnetStateAsync(
        Principal subnet, IReadOnlyList<StatePath> paths, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(subnet);
        return Telemetry.RunAsync(
            "read_state", subnet, null, null, machineTime, RunAsync, static _ => "read");

        async Task<StateReading> RunAsync()
        {
            var certificate = await ReadCertificateAsync(
                $"api/v3/subnet/{subnet}/read_state", subnet, paths, identity, repeat: true, ct);
            return Accept(certificate, c =>
            {
                c.CheckSubnetScope(subnet);
                if (c.Delegation is null && trust is not null && !trust.RootSubnet.Equals(subnet))
                {
                    throw new CertificateException(
                        CertificateProblem.WrongSubnet, "The certificate is of the root subnet.");
                }
            });
        }
    }

    private async Task<QueryOutcome> JudgeAsync(
        SignedRequest request, AnswerCbor.Fields fields, CancellationToken ct)
    {
        Func<ulong, byte[]> message;
        Func<Proof, ulong?, QueryOutcome> outcome;
        switch (fields)
        {
            case { Status: "replied", Reply: { } reply }:
                message = at => NodeSignature.MessageForReply(request.Id, reply, at);
                outcome = (proof, at) => new QueryOutcome.Replied(reply, proof) { SignedAtNs = at };
                break;
            case { Status: "rejected", RejectCode: { } code }:
                var words = fields.RejectMessage ?? string.Empty;
                message = at => NodeSignature.MessageForRejection(request.Id, code, words, fields.ErrorCode, at);
                outcome = (proof, _) => new QueryOutcome.Rejected(code, words, fields.ErrorCode) { Proof = proof };
                break;
            default:
                throw new AgentException(
                    UnknownReason.BadAnswer, "The answer to the query says neither replied nor rejected.");
        }

        if (trust is null)
        {
            return outcome(Proof.Unproven, null);
        }

        if (await FindNodeFaultAsync(request.EffectiveCanisterId, fields.Signatures, message, ct) is { } fault)
        {
            throw new AgentException(UnknownReason.BadAnswer, fault.Why);
        }

        return outcome(Proof.NodeSigned, fields.Signatures.Max(static s => s.TimestampNs));
    }

    /// <summary>Judges with the known node keys, and once more with fresh ones when that could help.</summary>
    private async Task<NodeSignatureFault?> FindNodeFaultAsync(
        Principal canister,
        IReadOnlyList<NodeSignature> signatures,
        Func<ulong, byte[]> message,
        CancellationToken ct)
    {
        var nodes = await subnets.FindAsync(canister, unlike: null, ct);
        var fault = nodes.FindFault(signatures, message, NowNs());
        if (fault is not { KeysMayBeOld: true })
        {
            return fault;
        }

        nodes = await subnets.FindAsync(canister, unlike: nodes, ct);
        return nodes.FindFault(signatures, message, NowNs());
    }

    private async Task<SubnetNodes> ReadNodesAsync(Principal canister, CancellationToken ct)
    {
        // Anybody may read the subnet's nodes, so no identity has to sign for it.
        Telemetry.NodeKeyReadings.Add(1);
        var reading = await ReadCanisterStateAsync(
            canister, [SubnetNodes.Path, StatePath.Time], AnonymousIdentity.Instance, repeat: true, ct);
        try
        {
            var nodes = SubnetNodes.Read(reading.Certificate, trust!);
            return nodes.Hosts(canister)
                ? nodes
                : throw new AgentException(
                    UnknownReason.BadAnswer, $"Subnet {nodes.SubnetId} does not host canister {canister}.");
        }
        catch (CertificateException e)
        {
            throw new AgentException(UnknownReason.BadAnswer, e.Message, e);
        }
    }

    private async Task<StateReading> ReadCanisterStateAsync(
        Principal canister, IReadOnlyList<StatePath> paths, IIdentity signer, bool repeat, CancellationToken ct) =>
        AcceptForCanister(
            await ReadCertificateAsync(
                $"api/v3/canister/{canister}/read_state", canister, paths, signer, repeat, ct),
            canister);

    private async Task<ReadOnlyMemory<byte>> ReadCertificateAsync(
        string path,
        Principal effective,
        IReadOnlyList<StatePath> paths,
        IIdentity signer,
        bool repeat,
        CancellationToken ct)
    {
        // Each reading is a request of its own with a fresh expiry; reading changes nothing, so signing anew is safe.
        var request = Sign(RequestContent.ForReadState(signer.Sender, paths, ExpiryNs(null)), effective, signer);
        var answer = await SendAsync(path, request.Bytes, repeat, ct);
        return ReadOk(answer).Certificate
            ?? throw new AgentException(UnknownReason.BadAnswer, "The answer carries no certificate.");
    }

    private async Task<Answer> SendAsync(
        string path, ReadOnlyMemory<byte> bytes, bool repeat, CancellationToken ct) =>
        repeat
            ? await resend.ExecuteAsync(async token => await exchange.PostAsync(path, bytes, token), ct)
            : await exchange.PostAsync(path, bytes, ct);

    private static AnswerCbor.Fields ReadOk(Answer answer) =>
        (int)answer.Status == 200
            ? AnswerCbor.Read(answer.Body)
            : throw new AgentException(UnknownReason.Refused, $"The replica answered {(int)answer.Status}.");

    private StateReading AcceptForCanister(ReadOnlyMemory<byte> bytes, Principal canister) =>
        Accept(bytes, c =>
        {
            c.CheckCanisterScope(canister);
            trust?.CheckRootScope(c, canister);
        });

    /// <summary>Checks scope, signatures (under a root key) and time of a certificate.</summary>
    private StateReading Accept(ReadOnlyMemory<byte> bytes, Action<Certificate> checkScope)
    {
        try
        {
            var certificate = Certificate.Parse(bytes);
            checkScope(certificate);
            if (trust is not null)
            {
                trust.Verify(certificate);
                clock.Observe(certificate.TimeNs(), NowNs());
                certificate.CheckDelegationAge(NowNs(), options.DelegationMaximumAge);
            }

            certificate.CheckFresh(NowNs());
            var proof = trust is null ? Proof.Unproven : Proof.Certified;
            return new StateReading(certificate, certificate.TimeNs(), new CertificateEvidence(bytes, proof));
        }
        catch (CertificateException e)
        {
            var hint = e.Problem is CertificateProblem.TooOld or CertificateProblem.InTheFuture
                && clock.Offset is { } offset
                ? $" The certified time is {(long)offset.TotalSeconds} s from this machine's."
                : string.Empty;
            throw new AgentException(UnknownReason.BadAnswer, e.Message + hint, e);
        }
    }
}
