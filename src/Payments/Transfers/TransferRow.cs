using Decent.Canister.Client;
using Decent.Ledger;

namespace Decent.Payments.Transfers;

/// <summary>A transfer as stored, under a worker's claim.</summary>
internal sealed record TransferRow
{
    public const string Columns = """
        id, kind, owner_id, asset, from_account, to_account, units::text as units,
        reserved_fee_units::text as reserved_fee_units, wallet_hold, memo,
        explicit_fee_units::text as explicit_fee_units,
        created_at_time_ns, argument, scan_origin::text as scan_origin, send_until, state, reason, planned_at, since,
        next_step, due_at, claimed_block::text as claimed_block, block_index::text as block_index, transaction_id,
        lease_token
        """;

    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    public string OwnerId { get; init; } = "";

    public string Asset { get; init; } = "";

    public string FromAccount { get; init; } = "";

    public string ToAccount { get; init; } = "";

    public Int128 Units { get; init; }

    public Int128 ReservedFeeUnits { get; init; }

    public Guid WalletHold { get; init; }

    public byte[] Memo { get; init; } = [];

    public Int128? ExplicitFeeUnits { get; init; }

    public long? CreatedAtTimeNs { get; init; }

    public byte[]? Argument { get; init; }

    public UInt128? ScanOrigin { get; init; }

    public DateTimeOffset? SendUntil { get; init; }

    public string State { get; init; } = "";

    public string Reason { get; init; } = "";

    public DateTimeOffset PlannedAt { get; init; }

    public DateTimeOffset Since { get; init; }

    public string? NextStep { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public UInt128? ClaimedBlock { get; init; }

    public UInt128? BlockIndex { get; init; }

    public string? TransactionId { get; init; }

    public long LeaseToken { get; init; }

    /// <summary>The same row in another state, after a move under the same claim.</summary>
    public TransferRow In(TransferState state) => this with { State = Names.Of(state) };

    /// <summary>What the receiver must see in the block.</summary>
    public TransferArgument ToArgument() => new(
        IcrcAccount.Parse(FromAccount).Subaccount,
        IcrcAccount.Parse(ToAccount),
        (UInt128)Units,
        ExplicitFeeUnits is { } fee ? (UInt128)fee : null,
        Memo,
        checked((ulong)(CreatedAtTimeNs ?? throw new InvalidOperationException("The arguments are not fixed yet."))));

    public TransferView ToView(Asset asset) => new(
        Id,
        Kind,
        OwnerId,
        IcrcAccount.Parse(ToAccount),
        new Money(asset, Units),
        new Money(asset, ReservedFeeUnits),
        WalletHold,
        Memo,
        Names.State(State),
        Reason,
        Since,
        PlannedAt,
        (ulong?)BlockIndex,
        TransactionId);
}

/// <summary>An attempt as stored.</summary>
internal sealed class AttemptRow
{
    public int Number { get; init; }

    public byte[] RequestId { get; init; } = [];

    public long IngressExpiryNs { get; init; }

    public byte[] Envelope { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>How it ended, as stored; null while it can still run.</summary>
    public string? EndKind { get; init; }

    public AttemptEnd? End => EndKind is null ? null : Names.End(EndKind);

    public DateTimeOffset Expiry => LedgerTime.FromUnixNanoseconds((ulong)IngressExpiryNs);
}

/// <summary>Words of the database for what the code enumerates.</summary>
internal static class Names
{
    public static string Of(TransferState state) => state.ToString().ToLowerInvariant();

    public static TransferState State(string text) => Enum.Parse<TransferState>(text, ignoreCase: true);

    public static string Of(NextStep step) => step switch
    {
        NextStep.ScanRetry => "scan_retry",
        NextStep.ScanRefuse => "scan_refuse",
        _ => step.ToString().ToLowerInvariant(),
    };

    public static NextStep Step(string text) => text switch
    {
        "scan_retry" => NextStep.ScanRetry,
        "scan_refuse" => NextStep.ScanRefuse,
        _ => Enum.Parse<NextStep>(text, ignoreCase: true),
    };

    public static string Of(AttemptEnd end) =>
        end == AttemptEnd.NeverRan ? "never_ran" : end.ToString().ToLowerInvariant();

    public static AttemptEnd End(string text) =>
        text == "never_ran" ? AttemptEnd.NeverRan : Enum.Parse<AttemptEnd>(text, ignoreCase: true);
}
