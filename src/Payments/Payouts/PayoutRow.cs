using Decent.Payments.Commands;
using Decent.Payments.Transfers;

namespace Decent.Payments.Payouts;

/// <summary>A payout as stored, with where its transfer stands.</summary>
internal sealed class PayoutRow
{
    public const string Select = """
        select p.id, p.provider_id, p.currency, p.units::text as units, p.asset, p.account, p.state, p.created_by,
          p.created_at, p.approved_by, p.approved_at, p.approval_note, p.waiting, p.retry_at, p.tries,
          p.token_units::text as token_units, p.price_e18::text as price_e18, p.price_round, p.payable_hold,
          p.transfer_id, p.block_index::text as block_index, p.fee_units::text as fee_units,
          t.state as transfer_state, t.reason as transfer_reason, t.reserved_fee_units::text as reserved_fee_units
        from payments.payouts p
        left join payments.transfers t on t.id = p.transfer_id
        """;

    public Guid Id { get; init; }

    public string ProviderId { get; init; } = "";

    public string Currency { get; init; } = "";

    public Int128 Units { get; init; }

    public string Asset { get; init; } = "";

    public string Account { get; init; } = "";

    public string State { get; init; } = "";

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public string? ApprovedBy { get; init; }

    public DateTimeOffset? ApprovedAt { get; init; }

    public string? ApprovalNote { get; init; }

    public string? Waiting { get; init; }

    public DateTimeOffset? RetryAt { get; init; }

    public int Tries { get; init; }

    public Int128? TokenUnits { get; init; }

    public string? PriceE18 { get; init; }

    public long? PriceRound { get; init; }

    public Guid? PayableHold { get; init; }

    public Guid? TransferId { get; init; }

    public UInt128? BlockIndex { get; init; }

    public Int128? FeeUnits { get; init; }

    public string? TransferState { get; init; }

    public string? TransferReason { get; init; }

    public Int128? ReservedFeeUnits { get; init; }

    public PayoutState Shown => Show(State, TransferState);

    public PayoutView ToView(IReadOnlyList<PayoutItem> items, IReadOnlyList<PayoutStep> timeline) => new(
        Id,
        ProviderId,
        Shown,
        AmountView.Of(Units, Currency),
        Asset,
        Account,
        TokenUnits is { } tokens ? AmountView.Of(tokens, Asset) : null,
        (FeeUnits ?? ReservedFeeUnits) is { } fee ? AmountView.Of(fee, Asset) : null,
        PriceE18,
        PriceRound,
        TransferId,
        (ulong?)BlockIndex,
        Waiting ?? (State == "executing" ? TransferReason : null),
        CreatedBy,
        CreatedAt,
        ApprovedBy,
        ApprovedAt,
        ApprovalNote,
        items,
        timeline);

    /// <summary>While executing, a payout is where its transfer is.</summary>
    public static PayoutState Show(string state, string? transferState) => state == "executing"
        ? Names.State(transferState!) switch
        {
            Transfers.TransferState.Prepared => PayoutState.Prepared,
            Transfers.TransferState.Submitting => PayoutState.Submitting,
            Transfers.TransferState.Submitted => PayoutState.Submitted,
            Transfers.TransferState.Unknown => PayoutState.Unknown,
            Transfers.TransferState.Confirmed => PayoutState.Confirmed,
            _ => PayoutState.Refused,
        }
        : Enum.Parse<PayoutState>(state, ignoreCase: true);
}
