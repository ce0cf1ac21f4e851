namespace Decent.Payments.Facts;

/// <summary>How far a payment got; later values are stronger evidence.</summary>
internal enum PaymentProgress
{
    /// <summary>Nothing is known.</summary>
    None,

    /// <summary>On its way.</summary>
    Pending,

    /// <summary>The checkout was closed unpaid.</summary>
    Expired,

    /// <summary>Failed or cancelled.</summary>
    Failed,

    /// <summary>Money came that is not what the rail asked for.</summary>
    Mismatched,

    /// <summary>Money came.</summary>
    Captured,
}

/// <summary>
/// What all facts of one payment together say. Built by a fold that takes the strongest progress, the greatest amounts
/// and the earliest time, so that facts may come in any order and any number of times.
/// </summary>
internal sealed record Standing
{
    /// <summary>Nothing known.</summary>
    public static Standing Empty { get; } = new();

    /// <summary>How far it got.</summary>
    public PaymentProgress Progress { get; private init; }

    /// <summary>Currency in lower case, or ledger canister id, of the money that came.</summary>
    public string Unit { get; private init; } = "";

    /// <summary>True when money came in more than one currency or token, which no payment does.</summary>
    public bool Contradicts { get; private init; }

    /// <summary>The rail's object of the payment that brought the money, or null.</summary>
    public string? ObjectId { get; private init; }

    /// <summary>Money that came, in the rail's unit; zero when none.</summary>
    public Int128 Units { get; private init; }

    /// <summary>What the rail had asked for, or null.</summary>
    public Int128? RequestedUnits { get; private init; }

    /// <summary>Tax within <see cref="Units" />.</summary>
    public Int128 TaxUnits { get; private init; }

    /// <summary>What the rail kept, or null when not known.</summary>
    public Int128? FeeUnits { get; private init; }

    /// <summary>Currency or ledger of <see cref="FeeUnits" />.</summary>
    public string FeeUnit { get; private init; } = "";

    /// <summary>The USD price (scale 9) the rail converted from, or null.</summary>
    public Int128? PriceE9s { get; private init; }

    /// <summary>Earliest time at which money had come; null when none.</summary>
    public DateTimeOffset? PaidAt { get; private init; }

    /// <summary>True when money came.</summary>
    public bool HasMoney => Progress >= PaymentProgress.Mismatched && Units > 0;

    /// <summary>Folds facts of one payment.</summary>
    public static Standing Of(IEnumerable<ProviderFact> facts) => facts.Aggregate(Empty, (s, f) => s.With(f));

    private Standing With(ProviderFact fact)
    {
        var progress = Rank(fact.Kind);
        var next = this with
        {
            Progress = progress > Progress ? progress : Progress,
            FeeUnits = Max(FeeUnits, fact.FeeUnits),
            FeeUnit = fact.FeeUnits is not null && string.CompareOrdinal(fact.Unit, FeeUnit) > 0 ? fact.Unit : FeeUnit,
        };
        if (progress is not (PaymentProgress.Mismatched or PaymentProgress.Captured))
        {
            return next;
        }

        return next with
        {
            // Ordinal order decides, so that the fold stays independent of the order of facts.
            Unit = string.CompareOrdinal(fact.Unit, Unit) > 0 ? fact.Unit : Unit,
            Contradicts = Contradicts || (Unit.Length > 0 && Unit != fact.Unit),
            ObjectId = string.CompareOrdinal(fact.ObjectId, ObjectId) > 0 ? fact.ObjectId : ObjectId,
            Units = Int128.Max(Units, fact.Units ?? 0),
            RequestedUnits = Max(RequestedUnits, fact.RequestedUnits),
            TaxUnits = Int128.Max(TaxUnits, fact.TaxUnits ?? 0),
            PriceE9s = Max(PriceE9s, fact.PriceE9s),
            PaidAt = PaidAt is { } before && before <= fact.OccurredAt ? before : fact.OccurredAt,
        };
    }

    private static PaymentProgress Rank(FactKind kind) => kind switch
    {
        FactKind.PaymentPending or FactKind.PaymentAttemptFailed => PaymentProgress.Pending,
        FactKind.CheckoutExpired => PaymentProgress.Expired,
        FactKind.PaymentFailed or FactKind.PaymentCanceled => PaymentProgress.Failed,
        FactKind.PaymentMismatched => PaymentProgress.Mismatched,
        FactKind.PaymentCaptured => PaymentProgress.Captured,
        _ => PaymentProgress.None,
    };

    private static Int128? Max(Int128? left, Int128? right) =>
        left is not { } l ? right : right is not { } r ? l : Int128.Max(l, r);
}
