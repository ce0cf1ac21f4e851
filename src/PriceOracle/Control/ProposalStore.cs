using System.Numerics;
using Dapper;
using Decent.PriceOracle.Rounds;
using Npgsql;

namespace Decent.PriceOracle.Control;

/// <summary>Words of proposals.</summary>
internal static class Proposals
{
    public const string Resume = "resume";
    public const string ManualPrice = "manual_price";
    public const string Proposed = "proposed";
    public const string Approved = "approved";
    public const string Revoked = "revoked";
}

/// <summary>Proposals and decisions as rows; nothing is ever changed.</summary>
internal static class ProposalStore
{
    private const string InsertSql = """
        insert into prices.proposals (asset, kind, price_e18, reason, evidence, valid_from, valid_to, clears_on_accept, proposed_by,
          proposed_at)
        values (@asset, @kind, @price::numeric, @reason, @evidence, @validFrom, @validTo, @clears, @by, @at)
        returning id
        """;

    private const string DecideSql = """
        insert into prices.proposal_decisions (proposal_id, decision, proposed_by, decided_by, decided_at, reason, round_id)
        values (@id, @decision, @proposedBy, @decidedBy, @at, @reason, @roundId)
        """;

    private const string SelectSql = """
        select p.id, p.asset, p.kind, p.price_e18::text, p.reason, p.evidence, p.valid_from, p.valid_to, p.proposed_by,
          p.proposed_at, coalesce(r.decision, a.decision) as decision, coalesce(r.decided_by, a.decided_by) as decided_by,
          coalesce(r.decided_at, a.decided_at) as decided_at
        from prices.proposals p
        left join prices.proposal_decisions a on a.proposal_id = p.id and a.decision = 'approved'
        left join prices.proposal_decisions r on r.proposal_id = p.id and r.decision = 'revoked'

        """;

    /// <summary>Adds a proposal.</summary>
    public static async Task<long> InsertAsync(
        NpgsqlTransaction transaction,
        string asset,
        string kind,
        BigInteger? priceE18,
        string reason,
        string evidence,
        DateTimeOffset validFrom,
        DateTimeOffset validTo,
        bool clearsOnAccept,
        string by,
        DateTimeOffset at,
        CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<long>(new CommandDefinition(
            InsertSql,
            new
            {
                asset,
                kind,
                price = OracleStore.Text(priceE18),
                reason,
                evidence,
                validFrom,
                validTo,
                clears = clearsOnAccept,
                by,
                at,
            },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Adds a decision.</summary>
    public static async Task DecideAsync(
        NpgsqlTransaction transaction,
        ControlProposal proposal,
        string decision,
        string by,
        DateTimeOffset at,
        string reason,
        long? roundId,
        CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            DecideSql,
            new { id = proposal.Id, decision, proposedBy = proposal.ProposedBy, decidedBy = by, at, reason, roundId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>One proposal, or null.</summary>
    public static async Task<ControlProposal?> FindAsync(
        NpgsqlTransaction transaction, long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            SelectSql + "where p.id = @id", new { id }, transaction, cancellationToken: cancellationToken)) is { } row
            ? row.ToView(now)
            : null;

    /// <summary>Proposals, newest first.</summary>
    public static async Task<IReadOnlyList<ControlProposal>> ListAsync(
        NpgsqlConnection connection, string? asset, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            SelectSql + "where @asset::text is null or p.asset = @asset order by p.id desc limit @limit",
            new { asset, limit },
            cancellationToken: cancellationToken));
        return [.. rows.Select(r => r.ToView(now))];
    }

    private sealed class Row
    {
        public long Id { get; init; }

        public string Asset { get; init; } = "";

        public string Kind { get; init; } = "";

        public string? PriceE18 { get; init; }

        public string Reason { get; init; } = "";

        public string Evidence { get; init; } = "";

        public DateTimeOffset ValidFrom { get; init; }

        public DateTimeOffset ValidTo { get; init; }

        public string ProposedBy { get; init; } = "";

        public DateTimeOffset ProposedAt { get; init; }

        public string? Decision { get; init; }

        public string? DecidedBy { get; init; }

        public DateTimeOffset? DecidedAt { get; init; }

        public ControlProposal ToView(DateTimeOffset now) => new(
            Id,
            Asset,
            Kind,
            Decision ?? (now >= ValidTo ? "expired" : Proposals.Proposed),
            OracleStore.Number(PriceE18),
            Reason,
            Evidence,
            ValidFrom,
            ValidTo,
            ProposedBy,
            ProposedAt,
            DecidedBy,
            DecidedAt);
    }
}
