using Decent.Canister.Client;
using Decent.Replica.Faults;

namespace Decent.Replica.Tests.Http;

/// <summary>Every fault does what its name says to an agent, and no more than that to the ledger.</summary>
public sealed class FaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_request_is_not_executed_and_the_same_bytes_pay_later()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.DropRequest);
        Assert.Equal(UnknownReason.NoAnswer, Unknown(await agent.SubmitAsync(request, Ct)));
        Assert.Equal(1, await replica.ExecutedAsync());
        AssertPaid(replica, await agent.SubmitAsync(request, Ct));
        Assert.Equal(2, await replica.ExecutedAsync());
    }

    [Fact]
    public async Task A_dropped_answer_hides_a_payment_that_happened()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.DropAnswer);
        Assert.Equal(UnknownReason.NoAnswer, Unknown(await agent.SubmitAsync(request, Ct)));
        Assert.Equal(2, await replica.ExecutedAsync());
        AssertPaid(replica, await agent.ResolveAsync(request, Ct));
        AssertPaid(replica, await agent.SubmitAsync(request, Ct));
        Assert.Equal(2, await replica.ExecutedAsync());
    }

    [Fact]
    public async Task A_request_lost_after_202_is_proven_dead_after_its_expiry()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.AcceptThenLose);
        Assert.Equal(UnknownReason.Running, Unknown(await agent.SubmitAsync(request, Ct)));
        Assert.Equal(UnknownReason.NotListed, Unknown(await agent.ResolveAsync(request, TimeSpan.Zero, Ct)));
        replica.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.IsType<CallOutcome.NotExecuted>(await agent.ResolveAsync(request, Ct));
        Assert.Equal(1, await replica.ExecutedAsync());
    }

    [Fact]
    public async Task A_request_accepted_late_is_executed_in_the_end()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.AcceptLate, delayMs: 20);
        Assert.Equal(UnknownReason.Running, Unknown(await agent.SubmitAsync(request, Ct)));
        AssertPaid(replica, await agent.ResolveAsync(request, Ct));
    }

    [Fact]
    public async Task An_unavailable_service_proves_nothing_and_resending_the_same_bytes_pays()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.ServiceUnavailable);
        Assert.Equal(UnknownReason.Refused, Unknown(await agent.SubmitAsync(request, Ct)));
        Assert.Equal(1, await replica.ExecutedAsync());
        replica.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable));
        AssertPaid(replica, await replica.Agent(resends: 2).SubmitAsync(request, Ct));
    }

    [Fact]
    public async Task A_delayed_answer_outlives_the_agents_patience_but_not_the_payment()
    {
        await using var replica = await PaidUpAsync();
        var (_, request) = Prepare(replica, FaultKind.DelayAnswer, delayMs: 20_000);
        var hasty = replica.Agent(exchange: TimeSpan.FromMilliseconds(300));
        Assert.Equal(UnknownReason.NoAnswer, Unknown(await hasty.SubmitAsync(request, Ct)));
        AssertPaid(replica, await replica.Agent().ResolveAsync(request, Ct));
        Assert.Equal(2, await replica.ExecutedAsync());
    }

    [Fact]
    public async Task A_delivery_in_duplicate_is_executed_once()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.DuplicateDelivery);
        AssertPaid(replica, await agent.SubmitAsync(request, Ct));
        Assert.Equal(2, await replica.ExecutedAsync());
    }

    [Fact]
    public async Task One_nodes_refusal_proves_nothing()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.NonReplicatedReject);
        Assert.Equal(UnknownReason.Refused, Unknown(await agent.SubmitAsync(request, Ct)));
        AssertPaid(replica, await agent.SubmitAsync(request, Ct));
    }

    [Fact]
    public async Task A_trap_after_the_commit_is_a_reject_of_a_payment_that_happened()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.TrapAfterCommit);
        var rejected = Assert.IsType<CallOutcome.Rejected>(await agent.SubmitAsync(request, Ct));
        Assert.Equal((5UL, "IC0503"), (rejected.RejectCode, rejected.ErrorCode));
        Assert.Equal(2, (await replica.ReadAsync("blocks/ckUSDT")).GetArrayLength());

        // The identical argument in a new request finds the first payment.
        var ledger = replica.Ledger("icrc", agent);
        var again = await agent.CallAsync(
            ledger.Canister, ledger.TransferMethod, ledger.EncodeTransfer(replica.Argument(100)), Ct);
        var answer = ledger.DecodeTransferAnswer(Assert.IsType<CallOutcome.Replied>(again).Reply);
        Assert.Equal(new TransferAnswer.Duplicate(1), answer);
        await replica.RestartAsync();
        Assert.IsType<CallOutcome.Rejected>(await replica.Agent().ResolveAsync(request, TimeSpan.Zero, Ct));
    }

    [Fact]
    public async Task A_status_collapsed_to_done_says_executed_and_no_more()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.StatusDone);
        Assert.Equal(UnknownReason.Done, Unknown(await agent.SubmitAsync(request, Ct)));
        Assert.Equal(UnknownReason.Done, Unknown(await agent.ResolveAsync(request, Ct)));
        Assert.Equal(2, (await replica.ReadAsync("blocks/ckUSDT")).GetArrayLength());
    }

    [Fact]
    public async Task A_status_the_node_leaves_out_is_a_bad_answer_and_not_an_absence()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.PruneStatus);
        Assert.Equal(UnknownReason.BadAnswer, Unknown(await agent.SubmitAsync(request, Ct)));
        AssertPaid(replica, await agent.ResolveAsync(request, Ct));
    }

    [Fact]
    public async Task A_stale_certificate_is_no_answer()
    {
        await using var replica = await PaidUpAsync();
        var (agent, request) = Prepare(replica, FaultKind.StaleCertificate);
        Assert.Equal(UnknownReason.BadAnswer, Unknown(await agent.SubmitAsync(request, Ct)));
        AssertPaid(replica, await agent.ResolveAsync(request, Ct));
    }

    [Theory]
    [InlineData(FaultKind.ForeignDelegation)]
    [InlineData(FaultKind.WrongCertificateSignature)]
    public async Task A_certificate_that_does_not_hold_proves_nothing(FaultKind kind)
    {
        await using var replica = await PaidUpAsync();
        var root = (await replica.Agent().StatusAsync(Ct)).RootKeyDer;
        var (_, request) = Prepare(replica, kind);
        var strict = replica.Agent(root: root);
        Assert.Equal(UnknownReason.BadAnswer, Unknown(await strict.SubmitAsync(request, Ct)));
        var outcome = await strict.ResolveAsync(request, Ct);
        Assert.Equal(Proof.Certified, Assert.IsType<CallOutcome.Replied>(outcome).Evidence.Proof);
        AssertPaid(replica, outcome);
    }

    [Theory]
    [InlineData(FaultKind.ServiceUnavailable)]
    [InlineData(FaultKind.DropAnswer)]
    public async Task Reads_can_fail_too_and_recover(FaultKind kind)
    {
        await using var replica = await PaidUpAsync();
        var ledger = replica.Ledger("icrc");
        replica.Faults.Add(new FaultRule(kind, FaultTarget.Query));
        await Assert.ThrowsAsync<CanisterCallException>(() => ledger.LengthAsync(Ct));
        Assert.Equal(1UL, await ledger.LengthAsync(Ct));
        replica.Faults.Add(new FaultRule(kind, FaultTarget.ReadState));
        await Assert.ThrowsAsync<AgentException>(
            () => replica.Agent().ReadStateAsync(ledger.Canister, [StatePath.Time], Ct));
        _ = await replica.Agent().ReadStateAsync(ledger.Canister, [StatePath.Time], Ct);
    }

    [Fact]
    public async Task A_fault_hits_only_what_it_names_as_often_as_it_says_and_can_be_set_over_http()
    {
        await using var replica = await PaidUpAsync();
        var waiting = await replica.ControlAsync("faults", new
        {
            kind = "ServiceUnavailable",
            canister = WellKnownCanisters.CkUsdtLedger.ToText(),
            method = "icrc1_transfer",
            times = 2,
        });
        Assert.Equal(1, waiting.GetArrayLength());
        var agent = replica.Agent();
        Assert.IsType<CallOutcome.Rejected>(await agent.CallAsync(
            WellKnownCanisters.CkUsdtLedger, "another", Decent.Candid.CandidArg.Empty.Encode(), Ct));
        var request = Request(replica, agent);
        Assert.Equal(UnknownReason.Refused, Unknown(await agent.SubmitAsync(request, Ct)));
        Assert.Equal(UnknownReason.Refused, Unknown(await agent.SubmitAsync(request, Ct)));
        AssertPaid(replica, await agent.SubmitAsync(request, Ct));
        replica.Faults.Add(new FaultRule(FaultKind.DropAnswer, Times: 5));
        Assert.True((await replica.Http.DeleteAsync("control/faults", Ct)).IsSuccessStatusCode);
        Assert.Empty(replica.Faults.Waiting);
    }

    private static async Task<RunningReplica> PaidUpAsync()
    {
        var replica = await RunningReplica.StartAsync();
        await replica.MintAsync("icrc", 1_000_000);
        return replica;
    }

    private static (HttpAgent Agent, SignedRequest Request) Prepare(
        RunningReplica replica, FaultKind kind, int delayMs = 0)
    {
        replica.Faults.Add(new FaultRule(kind, Method: "icrc1_transfer", DelayMs: delayMs));
        var agent = replica.Agent();
        return (agent, Request(replica, agent));
    }

    private static SignedRequest Request(RunningReplica replica, HttpAgent agent)
    {
        var ledger = replica.Ledger("icrc", agent);
        return agent.BuildCall(ledger.Canister, ledger.TransferMethod, ledger.EncodeTransfer(replica.Argument(100)));
    }

    private static void AssertPaid(RunningReplica replica, CallOutcome outcome) => Assert.Equal(
        new TransferAnswer.Ok(1),
        replica.Ledger("icrc").DecodeTransferAnswer(Assert.IsType<CallOutcome.Replied>(outcome).Reply));

    private static UnknownReason Unknown(CallOutcome outcome) => Assert.IsType<CallOutcome.Unknown>(outcome).Reason;
}
