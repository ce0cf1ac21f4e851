using Dapper;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Rounds;
using Decent.PriceOracle.Settings;
using Npgsql;

namespace Decent.PriceOracle.Control;

/// <inheritdoc cref="IPriceControl" />
internal sealed class PriceControl(OracleSettings settings, OracleStore store, TimeProvider time) : IPriceControl
{
    private const int LeastReason = 10;
    private const int RiskBps = 5_000;
    private static readonly TimeSpan LongestValidity = TimeSpan.FromHours(72);
    private static readonly TimeSpan ResumeOffer = TimeSpan.FromHours(24);

    /// <inheritdoc />
    public async Task<ControlResult> HaltAsync(Asset asset, string actor, string reason,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(actor);
        if (Feed(asset) is null)
        {
            return NotPriced(asset);
        }

        if (TooShort(reason))
        {
            return ReasonTooShort;
        }

        return await InRoundAsync(asset.Code, async (session, before) =>
            before.State.HaltReason == HaltReasons.Operator
                ? new ControlResult.Refused("already_stopped", $"{asset.Code} is already stopped by an operator.")
                : new ControlResult.Done(null, await ActAsync(
                    session, asset.Code, before, new OperatorAct(OperatorActs.Halt, [actor], reason, null),
                    cancellationToken)),
            cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ControlResult> ProposeResumeAsync(
        Asset asset, string actor, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(actor);
        if (Feed(asset) is null)
        {
            return NotPriced(asset);
        }

        if (TooShort(reason))
        {
            return ReasonTooShort;
        }

        return await InRoundAsync(asset.Code, async (session, before) =>
        {
            var now = BusinessTime();
            return IsHalted(before.State, now)
                ? new ControlResult.Done(
                    await ProposalStore.InsertAsync(
                        session, asset.Code, Proposals.Resume, null, reason, "", now, now + ResumeOffer, false, actor,
                        now, cancellationToken),
                    null)
                : NotHalted(asset.Code);
        }, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ControlResult> ProposeManualPriceAsync(
        Asset asset, ManualPriceProposal proposal, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        ArgumentException.ThrowIfNullOrWhiteSpace(actor);
        if (Feed(asset) is null)
        {
            return NotPriced(asset);
        }

        if (TooShort(proposal.Reason))
        {
            return ReasonTooShort;
        }

        if (proposal.PriceE18 < settings.Limits.AbsoluteMinE18 || proposal.PriceE18 > settings.Limits.AbsoluteMaxE18)
        {
            return new ControlResult.Refused("price_out_of_range",
                "The price is outside what is believed of any token.");
        }

        var now = BusinessTime();
        if (proposal.ValidTo <= proposal.ValidFrom || proposal.ValidTo <= now
            || proposal.ValidTo - proposal.ValidFrom > LongestValidity)
        {
            return new ControlResult.Refused("validity_invalid",
                "A manual price ends in the future, at most 72 hours after it starts.");
        }

        return await InRoundAsync(asset.Code, async (session, _) => new ControlResult.Done(
            await ProposalStore.InsertAsync(
                session, asset.Code, Proposals.ManualPrice, proposal.PriceE18, proposal.Reason, proposal.Evidence ?? "",
                Instants.Microseconds(proposal.ValidFrom), Instants.Microseconds(proposal.ValidTo),
                    proposal.ClearsOnAccept,
                actor, now, cancellationToken),
            null), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ControlResult> ApproveAsync(
        long proposalId, string actor, bool mayTakeRisk, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(actor);
        if (await FindAsync(proposalId, cancellationToken) is not { } found)
        {
            return Unknown(proposalId);
        }

        return await InRoundAsync(found.AssetCode, async (session, before) =>
        {
            // Read again under the feed's lock: another host may have decided meanwhile.
            var now = BusinessTime();
            var proposal = (await ProposalStore.FindAsync(session, proposalId, now, cancellationToken))!;
            if (proposal.State != Proposals.Proposed)
            {
                return Closed(proposal);
            }

            if (proposal.ProposedBy == actor)
            {
                return new ControlResult.Refused("same_person",
                    "A proposal is approved by another person than the one who made it.");
            }

            return proposal.Kind == Proposals.Resume
                ? await ResumeAsync(session, before, proposal, actor, now, cancellationToken)
                : await SetAsync(session, before, proposal, actor, mayTakeRisk, now, cancellationToken);
        }, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ControlResult> RevokeAsync(
        long proposalId, string actor, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(actor);
        if (TooShort(reason))
        {
            return ReasonTooShort;
        }

        if (await FindAsync(proposalId, cancellationToken) is not { } found)
        {
            return Unknown(proposalId);
        }

        return await InRoundAsync(found.AssetCode, async (session, before) =>
        {
            var now = BusinessTime();
            var proposal = (await ProposalStore.FindAsync(session, proposalId, now, cancellationToken))!;
            var inForce = before.State.Manual?.ProposalId == proposalId && before.State.Manual.ValidTo > now;
            if (proposal.State != Proposals.Proposed && !inForce)
            {
                return Closed(proposal);
            }

            long? round = inForce
                ? await ActAsync(
                    session, proposal.AssetCode, before, new OperatorAct(OperatorActs.Revoke, [actor], reason, null),
                    cancellationToken)
                : null;
            await ProposalStore.DecideAsync(session, proposal, Proposals.Revoked, actor, now, reason, round,
                cancellationToken);
            return new ControlResult.Done(proposalId, round);
        }, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<ControlProposal>> ListAsync(Asset? asset, int limit,
        CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenAsync(cancellationToken);
        return await ProposalStore.ListAsync(
            connection, asset?.Code, Math.Clamp(limit, 1, 500), BusinessTime(), cancellationToken);
    }

    private async Task<ControlResult> ResumeAsync(
        NpgsqlTransaction session, StoredState before, ControlProposal proposal, string actor, DateTimeOffset now,
        CancellationToken ct)
    {
        if (!IsHalted(before.State, now))
        {
            return NotHalted(proposal.AssetCode);
        }

        var act = new OperatorAct(OperatorActs.Resume, [proposal.ProposedBy, actor], proposal.Reason, null);
        var round = await ActAsync(session, proposal.AssetCode, before, act, ct);
        await ProposalStore.DecideAsync(session, proposal, Proposals.Approved, actor, now, "", round, ct);
        return new ControlResult.Done(proposal.Id, round);
    }

    private async Task<ControlResult> SetAsync(
        NpgsqlTransaction session,
        StoredState before,
        ControlProposal proposal,
        string actor,
        bool mayTakeRisk,
        DateTimeOffset now,
        CancellationToken ct)
    {
        var price = proposal.PriceE18!.Value;
        if (!mayTakeRisk && before.State.LastGoodE18 is { } last && E18.Bps(price, last, last) > RiskBps)
        {
            return new ControlResult.Refused(
                "risk_role_needed",
                $"The price is {E18.Bps(price, last, last)} basis points off the last good one; someone with the risk role must approve it.");
        }

        var manual =
            new ManualPrice(price, proposal.ValidFrom, proposal.ValidTo, await ClearsAsync(session, proposal.Id, ct),
            proposal.Id, null);
        var act = new OperatorAct(OperatorActs.Manual, [proposal.ProposedBy, actor], proposal.Reason, manual);
        var round = await ActAsync(session, proposal.AssetCode, before, act, ct);
        await ProposalStore.DecideAsync(session, proposal, Proposals.Approved, actor, now, "", round, ct);
        return new ControlResult.Done(proposal.Id, round);
    }

    private async Task<ControlResult> InRoundAsync(
        string asset, Func<NpgsqlTransaction, StoredState, Task<ControlResult>> body,
        CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await OracleStore.LockAsync(transaction, asset, cancellationToken);
        var result = await body(transaction, before);
        if (result is ControlResult.Done)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return result;
    }

    private async Task<long> ActAsync(
        NpgsqlTransaction transaction, string asset, StoredState before, OperatorAct act,
        CancellationToken cancellationToken)
    {
        var input = new RoundInput
        {
            Asset = asset,
            Now = BusinessTime(),
            Before = before.State,
            Candidates = [],
            Limits = settings.Limits,
            Act = act,
        };
        return await OracleStore.RecordRoundAsync(transaction, before, input, Aggregator.Decide(input), [],
            cancellationToken);
    }

    private async Task<ControlProposal?> FindAsync(long proposalId, CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        return await ProposalStore.FindAsync(transaction, proposalId, BusinessTime(), cancellationToken);
    }

    private static async Task<bool> ClearsAsync(NpgsqlTransaction transaction, long proposalId,
        CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<bool>(new CommandDefinition(
            "select clears_on_accept from prices.proposals where id = @proposalId",
            new { proposalId },
            transaction,
            cancellationToken: cancellationToken));

    private bool IsHalted(FeedState state, DateTimeOffset now) =>
        state.AgedTo(now, settings.Limits).HaltReason is not null;

    private FeedSettings? Feed(Asset asset) => settings.Feeds.FirstOrDefault(f => f.Asset == asset);

    private static bool TooShort(string? reason) => reason is null || reason.Trim().Length < LeastReason;

    private DateTimeOffset BusinessTime() => Instants.Microseconds(time.GetUtcNow());

    private static ControlResult.Refused ReasonTooShort { get; } =
        new("reason_too_short", "A reason has at least ten characters.");

    private static ControlResult.Refused NotPriced(Asset asset) => new("asset_not_priced", $"{asset} has no feed.");

    private static ControlResult.Refused NotHalted(string asset) => new("not_halted", $"{asset} is not halted.");

    private static ControlResult.Refused Unknown(long id) => new("proposal_unknown", $"There is no proposal {id}.");

    private static ControlResult.Refused Closed(ControlProposal proposal) =>
        new("proposal_closed", $"Proposal {proposal.Id} is {proposal.State}.");
}
