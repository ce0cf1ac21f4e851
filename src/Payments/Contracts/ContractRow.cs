using Decent.Ledger;

namespace Decent.Payments.Contracts;

/// <summary>State of a contract.</summary>
internal enum ContractState
{
    /// <summary>Waits for its payment.</summary>
    AwaitingPayment,

    /// <summary>Paid; service runs or will run.</summary>
    Active,

    /// <summary>Everything is earned and released.</summary>
    Completed,

    /// <summary>Ended early; what was not earned goes back.</summary>
    Cancelled,

    /// <summary>Never paid in time.</summary>
    Expired,
}

/// <summary>Names of states in the database and over HTTP.</summary>
internal static class ContractStates
{
    private static readonly Dictionary<string, ContractState> ByName =
        Enum.GetValues<ContractState>().ToDictionary(Name, s => s, StringComparer.Ordinal);

    /// <summary>The name of a state.</summary>
    public static string Name(this ContractState state) => state switch
    {
        ContractState.AwaitingPayment => "awaiting_payment",
        ContractState.Active => "active",
        ContractState.Completed => "completed",
        ContractState.Cancelled => "cancelled",
        ContractState.Expired => "expired",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>The state with a name, or null.</summary>
    public static ContractState? Find(string name) => ByName.TryGetValue(name, out var state) ? state : null;
}

/// <summary>A row of <c>payments.contracts</c>.</summary>
internal sealed record ContractRow
{
    public string Id { get; init; } = "";

    public Guid ListId { get; init; }

    public string ProviderId { get; init; } = "";

    public string RenterId { get; init; } = "";

    public string Currency { get; init; } = "";

    public Int128 PriceUnits { get; init; }

    public DateTimeOffset ServiceStart { get; init; }

    public DateTimeOffset ServiceEnd { get; init; }

    public DateTimeOffset PaymentDeadline { get; init; }

    public string? RefundAccount { get; init; }

    public int FeeBps { get; init; }

    public string State { get; init; } = "";

    public Int128 PaidUnits { get; init; }

    public Guid? PaidCollectionId { get; init; }

    public string? PaidBy { get; init; }

    public Int128 ReleasedUnits { get; init; }

    public Int128 FeeUnits { get; init; }

    public Int128 RefundedUnits { get; init; }

    public Int128 DustUnits { get; init; }

    public DateTimeOffset? ReleasedUntil { get; init; }

    public bool Disputed { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ActivatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? NextCheckAt { get; init; }

    public ContractState Phase => ContractStates.Find(State)
        ?? throw new InvalidOperationException($"Contract {Id} is in the unknown state '{State}'.");

    public bool IsPaid => PaidUnits > 0;

    public ServiceWindow Window => new(ServiceStart, ServiceEnd);

    public Money Price(Asset currency) => new(currency, PriceUnits);

    public Money Paid(Asset currency) => new(currency, PaidUnits);
}
