using System.Globalization;
using System.Text.Json;
using Decent.Ledger;
using Decent.Payments.Facts;
using Stripe;
using Stripe.Checkout;

namespace Decent.Payments.Providers.Stripe;

/// <summary>
/// The card rail: Checkout Sessions for collections, refunds by PaymentIntent. The SDK never retries by itself, every
/// POST carries our key, and its telemetry is off.
/// </summary>
internal sealed class StripeProvider(
    IHttpClientFactory clients, StripeSettings settings, AssetRegistry assets, TimeProvider time) : IPaymentProvider
{
    /// <summary>Name of the HTTP client.</summary>
    public const string HttpClientName = "stripe";

    private static readonly List<string> Expansions = ["latest_charge.balance_transaction"];

    /// <inheritdoc />
    public string Id => StripeFacts.Rail;

    /// <inheritdoc />
    public ProviderCapabilities Capabilities { get; } = new(
        PaysInTokens: false,
        Refunds: true,
        IdempotencyKeys: true,
        Expires: true,
        ReportsFees: true,
        ReportsBalance: true);

    /// <inheritdoc />
    public async Task<StartOutcome> StartAsync(CheckoutRequest request, CancellationToken cancellationToken)
    {
        var units = Int128.Parse(request.PriceUnits, CultureInfo.InvariantCulture);
        if (MinorUnits.ToCharge(units, request.Currency) is not { } minor)
        {
            return new StartOutcome.Refused("amount_not_chargeable", "Stripe cannot charge this amount.");
        }

        try
        {
            var session = await Client().V1.Checkout.Sessions.CreateAsync(
                Options(request, minor), Key(request.IdempotencyKey), cancellationToken);
            return session is { Id.Length: > 0 } && session.AmountTotal == minor
                ? new StartOutcome.Started(session.Id, session.Url, units)
                : new StartOutcome.Unknown("Stripe's answer names no session for this amount.");
        }
        catch (Exception e) when (Failure(e, cancellationToken) is { } failure)
        {
            return failure is StripeFailure.Refused
                ? new StartOutcome.Refused(CodeOf(e), e.Message)
                : new StartOutcome.Unknown(e.Message);
        }
    }

    /// <inheritdoc />
    /// <remarks>The same key answers with the first result, so asking again is the look-up.</remarks>
    public async Task<StartOutcome?> FindStartedAsync(CheckoutRequest request, CancellationToken cancellationToken) =>
        await StartAsync(request, cancellationToken);

    /// <inheritdoc />
    public async Task<ExpireOutcome> ExpireAsync(string providerReference, CancellationToken cancellationToken)
    {
        try
        {
            // Without a fixed key: closing twice is harmless, and under one key a fault of the rail would be replayed.
            var session = await Client().V1.Checkout.Sessions.ExpireAsync(
                providerReference, null, null, cancellationToken);
            return session.Status == "expired" ? ExpireOutcome.Expired : ExpireOutcome.Unknown;
        }
        catch (StripeException e) when (e.StripeError is not null && (int)e.HttpStatusCode == 404)
        {
            return ExpireOutcome.NotFound;
        }
        catch (Exception e) when (Failure(e, cancellationToken) is { } failure)
        {
            return failure == StripeFailure.Refused
                ? await StatusAsync(providerReference, cancellationToken)
                : ExpireOutcome.Unknown;
        }
    }

    /// <inheritdoc />
    public async Task<ProviderReading> ReadAsync(PaymentQuery query, CancellationToken cancellationToken)
    {
        try
        {
            var client = Client();
            var session = await client.V1.Checkout.Sessions.GetAsync(
                query.ProviderReference, null, null, cancellationToken);
            var translation = Parse(session.StripeResponse, (json, at) => StripeFacts.Session(json, at));
            if ((session.PaymentIntentId ?? query.PaymentReference) is not { } payment)
            {
                return new ProviderReading.Found(translation);
            }

            var intent = await client.V1.PaymentIntents.GetAsync(
                payment, new PaymentIntentGetOptions { Expand = Expansions }, null, cancellationToken);
            var more = Parse(intent.StripeResponse, (json, at) => StripeFacts.Intent(json, PaidAt(json, at)));

            // Session and intent state one payment; the charge's own time is the better one.
            return new ProviderReading.Found(new Translation(
                [
                    .. more.Facts,
                    .. translation.Facts.Where(f => f.Kind != FactKind.PaymentCaptured || more.Facts.Count == 0),
                ],
                [.. more.Faults, .. translation.Faults]));
        }
        catch (StripeException e) when (e.StripeError is not null && (int)e.HttpStatusCode == 404)
        {
            return new ProviderReading.NotFound();
        }
        catch (Exception e) when (Failure(e, cancellationToken) is not null)
        {
            return new ProviderReading.Unavailable(e.Message);
        }
    }

    /// <inheritdoc />
    public async Task<RefundOutcome> RefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var options = new RefundCreateOptions
            {
                PaymentIntent = request.PaymentReference,
                Amount = request.MinorUnits,
                Reason = "requested_by_customer",
                Metadata = Metadata(request),
            };
            return Outcome(
                await Client().V1.Refunds.CreateAsync(options, Key(request.IdempotencyKey), cancellationToken));
        }
        catch (Exception e) when (Failure(e, cancellationToken) is { } failure)
        {
            return failure switch
            {
                StripeFailure.Refused => new RefundOutcome.Refused(CodeOf(e), e.Message),
                StripeFailure.Later or StripeFailure.Misconfigured => new RefundOutcome.Later(e.Message),
                StripeFailure.AlreadyDone => await FindRefundAsync(request, null, cancellationToken)
                    ?? new RefundOutcome.Refused(CodeOf(e), e.Message),
                _ => new RefundOutcome.Unknown(e.Message),
            };
        }
    }

    /// <inheritdoc />
    public async Task<RefundOutcome?> FindRefundAsync(
        RefundRequest request, string? providerReference, CancellationToken cancellationToken)
    {
        try
        {
            if (providerReference is not null)
            {
                return Outcome(await Client().V1.Refunds.GetAsync(providerReference, null, null, cancellationToken));
            }

            var list = Client().V1.Refunds.ListAutoPagingAsync(
                new RefundListOptions { PaymentIntent = request.PaymentReference, Limit = 100 },
                null,
                cancellationToken);
            await foreach (var refund in list)
            {
                if (refund.Metadata is { } metadata
                    && metadata.TryGetValue("refund_id", out var id)
                    && id == request.RefundId.ToString())
                {
                    return Outcome(refund);
                }
            }

            return null;
        }
        catch (StripeException e) when (e.StripeError is not null && (int)e.HttpStatusCode == 404)
        {
            return null;
        }
        catch (Exception e) when (Failure(e, cancellationToken) is not null)
        {
            return new RefundOutcome.Unknown(e.Message);
        }
    }

    /// <inheritdoc />
    public async Task<ProviderBalance> BalanceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var balance = await Client().V1.Balance.GetAsync(null, null, cancellationToken);
            var sums = new SortedDictionary<string, Int128>(StringComparer.Ordinal);
            foreach (var (currency, amount) in balance.Available.Select(a => (a.Currency, a.Amount))
                         .Concat(balance.Pending.Select(p => (p.Currency, p.Amount))))
            {
                sums[currency] = sums.GetValueOrDefault(currency) + amount;
            }

            return new ProviderBalance(true, [.. sums.Select(s => ToMoney(s.Key, s.Value)).OfType<Money>()], null);
        }
        catch (Exception e) when (Failure(e, cancellationToken) is not null)
        {
            return new ProviderBalance(false, [], e.Message);
        }
    }

    private Money? ToMoney(string currency, Int128 minor) =>
        assets.Find(currency.ToUpperInvariant()) is { Kind: AssetKind.Fiat } asset
        && MinorUnits.ToUnits(minor, asset.Code) is { } units
            ? new Money(asset, units)
            : null;

    private async Task<ExpireOutcome> StatusAsync(string session, CancellationToken cancellationToken)
    {
        try
        {
            var now = await Client().V1.Checkout.Sessions.GetAsync(session, null, null, cancellationToken);
            return now.Status switch
            {
                "complete" => ExpireOutcome.AlreadyPaid,
                "expired" => ExpireOutcome.Expired,
                _ => ExpireOutcome.Unknown,
            };
        }
        catch (Exception e) when (Failure(e, cancellationToken) is not null)
        {
            return ExpireOutcome.Unknown;
        }
    }

    private SessionCreateOptions Options(CheckoutRequest request, long minor)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["contract_id"] = request.ContractId,
            ["collection_id"] = request.CollectionId.ToString(),
        };
        return new SessionCreateOptions
        {
            Mode = "payment",
            ClientReferenceId = request.ContractId,
            Metadata = metadata,
            ExpiresAt = request.ExpiresAt.UtcDateTime,
            SuccessUrl = settings.SuccessUrl,
            CancelUrl = settings.CancelUrl,

            // The books see one currency.
            AdaptivePricing = new SessionAdaptivePricingOptions { Enabled = false },

            // A session's metadata is not copied to its PaymentIntent.
            PaymentIntentData = new SessionPaymentIntentDataOptions { Metadata = metadata },
            LineItems =
            [
                new SessionLineItemOptions
                {
                    Quantity = 1,
                    PriceData = new SessionLineItemPriceDataOptions
                    {
                        Currency = request.Currency.ToLowerInvariant(),
                        UnitAmount = minor,
                        ProductData = new SessionLineItemPriceDataProductDataOptions
                        {
                            Name = "Rental contract " + request.ContractId,
                        },
                    },
                },
            ],
        };
    }

    private static Dictionary<string, string> Metadata(RefundRequest request) => new(StringComparer.Ordinal)
    {
        ["contract_id"] = request.ContractId,
        ["refund_id"] = request.RefundId.ToString(),
    };

    private static RefundOutcome Outcome(Refund refund) => refund.Status switch
    {
        "succeeded" => new RefundOutcome.Known(refund.Id, RefundProgress.Succeeded, null),
        "pending" or "requires_action" =>
            new RefundOutcome.Known(refund.Id, RefundProgress.Pending, refund.PendingReason),
        "failed" or "canceled" => new RefundOutcome.Known(refund.Id, RefundProgress.Failed, refund.FailureReason),
        _ => new RefundOutcome.Unknown($"Stripe's refund {refund.Id} has the unknown status '{refund.Status}'."),
    };

    private Translation Parse(StripeResponse response, Func<JsonElement, DateTimeOffset, Translation> translate)
    {
        using var document = JsonDocument.Parse(response.Content);
        return translate(document.RootElement, time.GetUtcNow());
    }

    /// <summary>When the money came: the charge's time when it came along, else the time of reading.</summary>
    private static DateTimeOffset PaidAt(JsonElement intent, DateTimeOffset fallback) =>
        intent.Member("latest_charge")?.Seconds("created") ?? fallback;

    private StripeClient Client() => new(new StripeClientOptions
    {
        ApiKey = settings.SecretKey,
        ApiBase = settings.ApiBase.ToString().TrimEnd('/'),
        HttpClient = new SystemNetHttpClient(
            clients.CreateClient(HttpClientName), maxNetworkRetries: 0, appInfo: null, enableTelemetry: false),
    });

    private static RequestOptions Key(string key) => new() { IdempotencyKey = key };

    private static string CodeOf(Exception e) =>
        (e as StripeException)?.StripeError is { } error ? error.Code ?? error.Type ?? "refused" : "refused";

    /// <summary>
    /// The class of an exception of a call; null when it is not one of the call (the caller gave up, a bug).
    /// </summary>
    private static StripeFailure? Failure(Exception e, CancellationToken cancellationToken) => e switch
    {
        StripeException s => StripeFailures.Classify((int)s.HttpStatusCode, s.StripeError?.Type, s.StripeError?.Code),
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException or HttpRequestException or IOException or JsonException => StripeFailure.Unknown,
        _ => null,
    };
}
