using Decent.Payments.Facts;
using Decent.Payments.Providers;

namespace Decent.Payments.Tests.In;

/// <summary>A rail that answers as it is told; what it was asked is kept.</summary>
internal sealed class FakeRail(string id, bool tokens) : IPaymentProvider
{
    public string Id => id;

    public ProviderCapabilities Capabilities { get; } = new(
        PaysInTokens: tokens,
        Refunds: !tokens,
        IdempotencyKeys: !tokens,
        Expires: !tokens,
        ReportsFees: !tokens,
        ReportsBalance: !tokens);

    public List<CheckoutRequest> Started { get; } = [];

    public List<string> Expired { get; } = [];

    public List<RefundRequest> Refunded { get; } = [];

    public Func<CheckoutRequest, StartOutcome>? OnStart { get; set; }

    public Func<CheckoutRequest, StartOutcome?> OnFind { get; set; } = _ => null;

    public Func<string, ExpireOutcome> OnExpire { get; set; } =
        _ => tokens ? ExpireOutcome.Unsupported : ExpireOutcome.Expired;

    public Func<PaymentQuery, ProviderReading> OnRead { get; set; } = _ => new ProviderReading.Found(Translation.Nothing);

    public Func<RefundRequest, RefundOutcome> OnRefund { get; set; } =
        r => new RefundOutcome.Known("re_" + r.RefundId.ToString("N"), RefundProgress.Succeeded, null);

    public Func<RefundRequest, string?, RefundOutcome?> OnFindRefund { get; set; } = (_, _) => null;

    public async Task<StartOutcome> StartAsync(CheckoutRequest request, CancellationToken cancellationToken)
    {
        Started.Add(request);
        await Task.Yield();
        return OnStart?.Invoke(request) ?? Session(request);
    }

    public async Task<StartOutcome?> FindStartedAsync(CheckoutRequest request, CancellationToken cancellationToken) =>
        tokens ? OnFind(request) : await StartAsync(request, cancellationToken);

    public Task<ExpireOutcome> ExpireAsync(string providerReference, CancellationToken cancellationToken)
    {
        Expired.Add(providerReference);
        return Task.FromResult(OnExpire(providerReference));
    }

    public Task<ProviderReading> ReadAsync(PaymentQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(OnRead(query));

    public Task<RefundOutcome> RefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        Refunded.Add(request);
        return Task.FromResult(OnRefund(request));
    }

    public Task<RefundOutcome?> FindRefundAsync(
        RefundRequest request, string? providerReference, CancellationToken cancellationToken) =>
        Task.FromResult(OnFindRefund(request, providerReference));

    public Task<ProviderBalance> BalanceAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new ProviderBalance(false, [], "not asked"));

    /// <summary>The usual answer: a session or intent of its own, and for a token 2 ICP per dollar.</summary>
    public StartOutcome Session(CheckoutRequest request)
    {
        var units = Int128.Parse(request.PriceUnits);
        return new StartOutcome.Started(
            (tokens ? "intent-" : "cs_") + request.CollectionId.ToString("N"),
            tokens ? null : "https://checkout.example/" + request.CollectionId,
            tokens ? units / 5 : units);
    }
}
