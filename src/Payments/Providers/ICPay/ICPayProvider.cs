using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Decent.Payments.Facts;

namespace Decent.Payments.Providers.ICPay;

/// <summary>
/// The token rail. ICPay relays each payment to our own account, so refunds are our own transfers. It knows no
/// idempotency keys: a start without an answer is looked up by its metadata before another is made.
/// </summary>
/// <param name="clients">HTTP clients.</param>
/// <param name="settings">Settings.</param>
/// <param name="translator">Reads its messages.</param>
/// <param name="relayTo">The principal ICPay relays payments to: ours.</param>
/// <param name="time">Business time.</param>
internal sealed class ICPayProvider(
    IHttpClientFactory clients,
    ICPaySettings settings,
    ICPayFacts translator,
    string relayTo,
    TimeProvider time) : IPaymentProvider, IFactSource
{
    /// <summary>Name of the HTTP client.</summary>
    public const string HttpClientName = "icpay";

    private const int PageSize = 50;
    private const int MaxPages = 200;

    /// <inheritdoc />
    public string Id => ICPayFacts.Rail;

    /// <inheritdoc />
    public ProviderCapabilities Capabilities { get; } = new(
        PaysInTokens: true,
        Refunds: false,
        IdempotencyKeys: false,
        Expires: false,
        ReportsFees: false,
        ReportsBalance: false);

    /// <inheritdoc />
    public async Task<StartOutcome> StartAsync(CheckoutRequest request, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            HttpMethod.Post, "sdk/public/payments/intents", settings.PublishableKey, Body(request), cancellationToken);
        return answer.Json is { } json ? Started(json.Member("paymentIntent") ?? json, request)
            : answer.Refused ? new StartOutcome.Refused(answer.Code, answer.Why)
            : new StartOutcome.Unknown(answer.Why);
    }

    /// <inheritdoc />
    public async Task<StartOutcome?> FindStartedAsync(CheckoutRequest request, CancellationToken cancellationToken)
    {
        var (rows, why) = await ByMetadataAsync(request.ContractId, cancellationToken);
        if (rows is null)
        {
            return new StartOutcome.Unknown(why);
        }

        foreach (var row in rows)
        {
            // The search is not trusted: only what names our very collection is ours.
            var fact = translator.Row(row, time.GetUtcNow()).Facts.SingleOrDefault();
            if (fact?.CollectionRef == request.CollectionId
                && (row.Member("intent") ?? row.Member("payment")?.Member("intent")) is { } intent
                && Started(intent, request) is StartOutcome.Started started)
            {
                return started;
            }
        }

        return null;
    }

    /// <inheritdoc />
    public Task<ExpireOutcome> ExpireAsync(string providerReference, CancellationToken cancellationToken) =>
        Task.FromResult(ExpireOutcome.Unsupported);

    /// <inheritdoc />
    public async Task<ProviderReading> ReadAsync(PaymentQuery query, CancellationToken cancellationToken)
    {
        if (query.ContractId is null)
        {
            return new ProviderReading.NotFound();
        }

        var (rows, why) = await ByMetadataAsync(query.ContractId, cancellationToken);
        if (rows is null)
        {
            return new ProviderReading.Unavailable(why);
        }

        // Also what came for the contract by an intent we do not know: money is money.
        var all = rows.ConvertAll(r => translator.Row(r, PaidAt(r) ?? time.GetUtcNow()));
        return new ProviderReading.Found(new Translation(
            [.. all.SelectMany(t => t.Facts)], [.. all.SelectMany(t => t.Faults)]));
    }

    /// <inheritdoc />
    public Task<RefundOutcome> RefundAsync(RefundRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Refunds of ICPay payments are transfers on the ledger.");

    /// <inheritdoc />
    public Task<RefundOutcome?> FindRefundAsync(
        RefundRequest request, string? providerReference, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Refunds of ICPay payments are transfers on the ledger.");

    /// <inheritdoc />
    /// <remarks>Everything is relayed to our own account; what ICPay holds for us at an instant it does not
    /// say.</remarks>
    public Task<ProviderBalance> BalanceAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new ProviderBalance(false, [], "ICPay relays payments and reports no balance."));

    /// <inheritdoc />
    public string ProviderId => Id;

    /// <inheritdoc />
    /// <remarks>Without a status filter: it knows neither mismatched nor refunded payments.</remarks>
    public async Task<ProviderReading> SweepAsync(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var facts = new List<ProviderFact>();
        var faults = new List<string>();
        for (var page = 0; page < MaxPages; page++)
        {
            var path = FormattableString.Invariant(
                $"sdk/payments/history?fromTimestamp={Iso(from)}&toTimestamp={Iso(to)}&{Paging(page)}");
            var answer = await SendAsync(HttpMethod.Get, path, settings.SecretKey, null, cancellationToken);
            if (answer.Json is not { } json)
            {
                return new ProviderReading.Unavailable(answer.Why);
            }

            var rows = ICPayFacts.Rows(json).ToList();
            foreach (var translation in rows.Select(r => translator.Row(r, PaidAt(r) ?? time.GetUtcNow())))
            {
                facts.AddRange(translation.Facts);
                faults.AddRange(translation.Faults);
            }

            if (rows.Count == 0 || json.Member("hasMore") is not { ValueKind: JsonValueKind.True })
            {
                return new ProviderReading.Found(new Translation(facts, faults));
            }
        }

        return new ProviderReading.Unavailable("ICPay's history has more pages than a sweep reads.");
    }

    private async Task<(List<JsonElement>? Rows, string Why)> ByMetadataAsync(
        string contractId, CancellationToken cancellationToken)
    {
        var all = new List<JsonElement>();
        var body = JsonSerializer.Serialize(new { metadata = new { contract_id = contractId } });
        for (var page = 0; page < MaxPages; page++)
        {
            var path = "sdk/payments/by-metadata?" + Paging(page);
            var answer = await SendAsync(HttpMethod.Post, path, settings.SecretKey, body, cancellationToken);
            if (answer.Json is not { } json)
            {
                return (null, answer.Why);
            }

            var rows = ICPayFacts.Rows(json).ToList();
            all.AddRange(rows.Where(r =>
                ICPayFacts.ContractOf(r.Member("payment") ?? r, r.Member("intent")) == contractId));
            if (rows.Count == 0 || json.Member("hasMore") is not { ValueKind: JsonValueKind.True })
            {
                return (all, "");
            }
        }

        return (null, "ICPay's search has more pages than we read.");
    }

    private static StartOutcome Started(JsonElement intent, CheckoutRequest request)
    {
        if (intent.Text("id") is not { } id || LenientJson.Whole(intent.Text("amount")) is not { } units || units <= 0)
        {
            return new StartOutcome.Unknown("ICPay's answer names no intent with an amount.");
        }

        // An intent for another ledger or price would collect something we did not ask for.
        var sameLedger = intent.Text("ledgerCanisterId") is not { } ledger || ledger == request.TokenLedger;
        var samePrice = LenientJson.ScaleNine(intent.Text("amountUsd")) is not { } usd
            || usd.ToString(CultureInfo.InvariantCulture) == request.PriceUnits;
        return sameLedger && samePrice
            ? new StartOutcome.Started(id, intent.FirstText("checkoutUrl", "paymentUrl"), units)
            : new StartOutcome.Refused("provider_answer_differs", "ICPay made an intent for another price or ledger.");
    }

    private string Body(CheckoutRequest request)
    {
        var usd = Int128.Parse(request.PriceUnits, CultureInfo.InvariantCulture);
        var minor = MinorUnits.ToCharge(usd, request.Currency)
            ?? throw new InvalidOperationException("The price was checked before it was stored.");
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("amountUsd");

            // A JSON number with exactly the currency's digits; no floating point takes part.
            writer.WriteRawValue(MinorUnits.ToDecimal(minor, request.Currency));
            writer.WriteString("tokenShortcode", "ic_" + request.Token!.ToLowerInvariant());
            writer.WriteString("ledgerCanisterId", request.TokenLedger);
            writer.WriteString("description", "Rental contract " + request.ContractId);
            writer.WriteStartObject("metadata");
            writer.WriteString("contract_id", request.ContractId);
            writer.WriteString("contractId", request.ContractId);
            writer.WriteString("collection_id", request.CollectionId.ToString());
            writer.WriteEndObject();
            writer.WriteStartObject("recipientAddresses");
            writer.WriteString("ic", relayTo);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private async Task<Answer> SendAsync(
        HttpMethod method, string path, string key, string? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(settings.BaseUrl, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var client = clients.CreateClient(HttpClientName);
            using var response = await client.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                using var document = JsonDocument.Parse(text);
                return new Answer(document.RootElement.Clone(), false, "", "");
            }

            return Failed(response.StatusCode);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (
            e is HttpRequestException or OperationCanceledException or JsonException or IOException)
        {
            return new Answer(null, false, "no_answer", "ICPay gave no usable answer: " + e.Message);
        }
    }

    private static Answer Failed(HttpStatusCode status)
    {
        var code = (int)status;

        // Bodies of errors are undocumented, so only the status counts. A busy or broken server may have acted.
        var refused = code is >= 400 and < 500 and not (408 or 409 or 429);
        return new Answer(
            null,
            refused,
            FormattableString.Invariant($"http_{code}"),
            FormattableString.Invariant($"ICPay answered {code}."));
    }

    private static DateTimeOffset? PaidAt(JsonElement row) =>
        (row.Member("payment") ?? row) is var payment
            ? payment.Instant("completedAt") ?? payment.Instant("updatedAt") ?? payment.Instant("createdAt")
            : null;

    private static string Paging(int page) =>
        FormattableString.Invariant($"limit={PageSize}&offset={page * PageSize}");

    private static string Iso(DateTimeOffset value) =>
        Uri.EscapeDataString(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    /// <summary>An answer: the JSON of a success, or why there is none.</summary>
    private sealed record Answer(JsonElement? Json, bool Refused, string Code, string Why);
}
