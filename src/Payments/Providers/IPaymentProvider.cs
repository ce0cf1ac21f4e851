using Decent.Ledger;

namespace Decent.Payments.Providers;

/// <summary>
/// One rail that collects money. Calls never throw for what the rail answers: outcomes say what is known, and
/// <c>Unknown</c> means that the call may or may not have had its effect.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>Id of the rail, such as <c>stripe</c>; part of account paths and routes.</summary>
    string Id { get; }

    /// <summary>What the rail can do.</summary>
    ProviderCapabilities Capabilities { get; }

    /// <summary>
    /// Starts a collection. Sending the same request again is safe only with <see
    /// cref="ProviderCapabilities.IdempotencyKeys" />.
    /// </summary>
    Task<StartOutcome> StartAsync(CheckoutRequest request, CancellationToken cancellationToken);

    /// <summary>Looks a collection up whose start had no answer.</summary>
    /// <returns><see cref="StartOutcome.Started" /> when the rail has it, null when it has not, otherwise
    /// unknown.</returns>
    Task<StartOutcome?> FindStartedAsync(CheckoutRequest request, CancellationToken cancellationToken);

    /// <summary>Closes a collection so that it cannot be paid any more.</summary>
    /// <param name="providerReference">As given by <see cref="StartAsync" />.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ExpireOutcome> ExpireAsync(string providerReference, CancellationToken cancellationToken);

    /// <summary>Reads what the rail knows of a collection.</summary>
    /// <param name="query">Which one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ProviderReading> ReadAsync(PaymentQuery query, CancellationToken cancellationToken);

    /// <summary>Gives money back. The same request carries the same key.</summary>
    Task<RefundOutcome> RefundAsync(RefundRequest request, CancellationToken cancellationToken);

    /// <summary>Looks a refund up by its object's id, or by what was asked when the id is not known.</summary>
    /// <returns>What the rail has; null when it has no such refund.</returns>
    Task<RefundOutcome?> FindRefundAsync(
        RefundRequest request, string? providerReference, CancellationToken cancellationToken);

    /// <summary>What the rail holds for the platform.</summary>
    Task<ProviderBalance> BalanceAsync(CancellationToken cancellationToken);
}

/// <summary>What a rail can do.</summary>
/// <param name="PaysInTokens">True when collections are paid in a token of a ledger canister.</param>
/// <param name="Refunds">True when refunds go through the rail; otherwise they are transfers on the ledger.</param>
/// <param name="IdempotencyKeys">True when a repeated call with the same key has no second effect.</param>
/// <param name="Expires">True when an open collection can be closed at the rail.</param>
/// <param name="ReportsFees">True when the fee of a payment becomes known by reading it.</param>
/// <param name="ReportsBalance">True when <see cref="IPaymentProvider.BalanceAsync" /> has an answer.</param>
public sealed record ProviderCapabilities(
    bool PaysInTokens, bool Refunds, bool IdempotencyKeys, bool Expires, bool ReportsFees, bool ReportsBalance);

/// <summary>A collection to start; stored before it is sent, and sent again from there.</summary>
/// <param name="CollectionId">Our id, handed to the rail as metadata.</param>
/// <param name="ContractId">The contract, handed to the rail as metadata.</param>
/// <param name="IdempotencyKey">Key of the call.</param>
/// <param name="PriceUnits">Price in the smallest unit of <paramref name="Currency" /> (scale 9), as integer
/// text.</param>
/// <param name="Currency">Code of the currency.</param>
/// <param name="Token">Code of the token to be paid with, or null.</param>
/// <param name="TokenLedger">Ledger canister id of the token, or null.</param>
/// <param name="ExpiresAt">When the rail should close it by itself.</param>
public sealed record CheckoutRequest(
    Guid CollectionId,
    string ContractId,
    string IdempotencyKey,
    string PriceUnits,
    string Currency,
    string? Token,
    string? TokenLedger,
    DateTimeOffset ExpiresAt);

/// <summary>Answer to a start.</summary>
public abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>The rail has it.</summary>
    /// <param name="ProviderReference">Session or intent at the rail.</param>
    /// <param name="CheckoutUrl">Where the renter pays, if there is such a page.</param>
    /// <param name="ExpectedUnits">What must be paid, in the token's or currency's smallest unit.</param>
    public sealed record Started(string ProviderReference, string? CheckoutUrl, Int128 ExpectedUnits) : StartOutcome;

    /// <summary>The rail said no; nothing was made.</summary>
    /// <param name="Code">The rail's code.</param>
    /// <param name="Detail">In words.</param>
    public sealed record Refused(string Code, string Detail) : StartOutcome;

    /// <summary>No usable answer; it may exist.</summary>
    /// <param name="Why">In words.</param>
    public sealed record Unknown(string Why) : StartOutcome;
}

/// <summary>Answer to an expiry.</summary>
public enum ExpireOutcome
{
    /// <summary>It cannot be paid any more.</summary>
    Expired,

    /// <summary>It was completed before; the payment counts.</summary>
    AlreadyPaid,

    /// <summary>The rail has no such thing.</summary>
    NotFound,

    /// <summary>The rail cannot close it; a later payment is possible.</summary>
    Unsupported,

    /// <summary>No usable answer.</summary>
    Unknown,
}

/// <summary>Which collection to read.</summary>
/// <param name="CollectionId">Our id.</param>
/// <param name="ContractId">The contract in the rail's metadata, or null.</param>
/// <param name="ProviderReference">Session or intent at the rail.</param>
/// <param name="PaymentReference">The payment, when known.</param>
public sealed record PaymentQuery(
    Guid CollectionId, string? ContractId, string ProviderReference, string? PaymentReference);

/// <summary>A refund to make through the rail; stored before it is sent.</summary>
/// <param name="RefundId">Our id, handed over as metadata.</param>
/// <param name="ContractId">The contract, handed over as metadata.</param>
/// <param name="IdempotencyKey">Key of the call.</param>
/// <param name="PaymentReference">The payment to give back from.</param>
/// <param name="MinorUnits">Amount in the currency's minor unit.</param>
/// <param name="Currency">Code of the currency.</param>
public sealed record RefundRequest(
    Guid RefundId,
    string ContractId,
    string IdempotencyKey,
    string PaymentReference,
    long MinorUnits,
    string Currency);

/// <summary>Answer to a refund.</summary>
public abstract record RefundOutcome
{
    private RefundOutcome()
    {
    }

    /// <summary>The rail has a refund object.</summary>
    /// <param name="ProviderReference">Its id.</param>
    /// <param name="Progress">How far it is.</param>
    /// <param name="Detail">Reason of a failure, or null.</param>
    public sealed record Known(string ProviderReference, RefundProgress Progress, string? Detail) : RefundOutcome;

    /// <summary>The rail said no; there is no refund object.</summary>
    /// <param name="Code">The rail's code.</param>
    /// <param name="Detail">In words.</param>
    public sealed record Refused(string Code, string Detail) : RefundOutcome;

    /// <summary>No usable answer; it may exist.</summary>
    /// <param name="Why">In words.</param>
    public sealed record Unknown(string Why) : RefundOutcome;

    /// <summary>The rail was busy or down and certainly did nothing.</summary>
    /// <param name="Why">In words.</param>
    public sealed record Later(string Why) : RefundOutcome;
}

/// <summary>How far a refund object is.</summary>
public enum RefundProgress
{
    /// <summary>Accepted, not through.</summary>
    Pending,

    /// <summary>Through.</summary>
    Succeeded,

    /// <summary>Failed or cancelled; the money is back at the rail.</summary>
    Failed,
}

/// <summary>What a rail holds for the platform.</summary>
/// <param name="Known">False when the rail gave no usable answer, or reports no balance.</param>
/// <param name="Amounts">Available plus pending, per asset; fees already taken off.</param>
/// <param name="Why">Why it is not known.</param>
public sealed record ProviderBalance(bool Known, IReadOnlyList<Money> Amounts, string? Why);
