using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Decent.Api.Composition;

namespace Decent.Api.Tests;

/// <summary>What is refused is refused with a typed problem.</summary>
[Collection(nameof(RunningHost))]
public sealed class ProblemTests(RunningHost host)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_key_nothing_is_answered()
    {
        using var client = await host.ClientAsync();

        await ExpectAsync(await client.GetAsync("/api/v1/contracts", Token), HttpStatusCode.Unauthorized, "api_key_missing");
    }

    [Fact]
    public async Task An_unknown_key_is_refused()
    {
        using var client = await host.ClientAsync();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "dk_unknown");

        await ExpectAsync(await client.GetAsync("/api/v1/contracts", Token), HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task A_key_does_only_what_its_scopes_say()
    {
        using var client = await host.ClientAsync(Scopes.PaymentsRead);

        await ExpectAsync(await client.GetAsync("/api/v1/contracts", Token), HttpStatusCode.Forbidden, "scope_missing");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/payments", Token)).StatusCode);
    }

    [Fact]
    public async Task An_address_that_is_not_there_is_not_found()
    {
        using var client = await host.ClientAsync(Scopes.ContractsRead);

        await ExpectAsync(await client.GetAsync("/api/v1/nothing", Token), HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("{}", "body_invalid")]
    [InlineData("{", "body_invalid")]
    [InlineData("""{"reason": 5}""", "body_invalid")]
    [InlineData("""{"reason": "x", "extra": 1}""", "body_invalid")]
    [InlineData("""{"reason": "x"}""", "contract_unknown")]
    public async Task A_body_that_does_not_fit_is_told_so_without_names_of_our_types(string body, string code)
    {
        using var client = await host.ClientAsync(Scopes.ContractsWrite);

        var response = await PostAsync(client, "/api/v1/contracts/none/cancel", body, "key-" + body.Length);

        var problem = await ExpectAsync(response, response.StatusCode, code);
        Assert.Contains((int)response.StatusCode, new[] { 400, 404 });
        Assert.DoesNotContain("Decent.", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_without_an_idempotency_key_is_refused()
    {
        using var client = await host.ClientAsync(Scopes.ContractsWrite);

        var response = await PostAsync(client, "/api/v1/contracts/none/cancel", """{"reason": "x"}""", null);

        await ExpectAsync(response, HttpStatusCode.BadRequest, "idempotency_key_missing");
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused()
    {
        using var client = await host.ClientAsync(Scopes.ContractsWrite);

        var response = await PostAsync(client, "/api/v1/contracts", new string(' ', 65 * 1024), "key");

        await ExpectAsync(response, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task A_webhook_of_an_unknown_rail_is_not_found_whatever_its_content_type()
    {
        using var client = await host.ClientAsync();
        using var content = new StringContent("x=1", Encoding.UTF8, "application/x-www-form-urlencoded");

        await ExpectAsync(
            await client.PostAsync("/api/v1/webhooks/nobody", content, Token), HttpStatusCode.NotFound, "provider_unknown");
    }

    [Theory]
    [InlineData("/api/v1/contracts?state=bogus", "state_unknown")]
    [InlineData("/api/v1/contracts?limit=0", "limit_invalid")]
    [InlineData("/api/v1/contracts?limit=9999", "limit_invalid")]
    [InlineData("/api/v1/contracts?cursor=xyz", "cursor_invalid")]
    public async Task A_wrong_parameter_is_named(string address, string code)
    {
        using var client = await host.ClientAsync(Scopes.ContractsRead);

        await ExpectAsync(await client.GetAsync(address, Token), HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task The_console_asks_for_a_sign_in_and_refuses_a_wrong_key()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = host.Address };

        var console = await client.GetAsync("/console", Token);
        var form = await client.PostAsync(
            "/console/sign-in", new FormUrlEncodedContent([new KeyValuePair<string, string>("key", "dk_x")]), Token);

        Assert.Equal(HttpStatusCode.Redirect, console.StatusCode);
        Assert.StartsWith("/console/sign-in", console.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, form.StatusCode);
    }

    [Theory]
    [InlineData("/API/v1/contracts/none/cancel", """{"reason": "x"}""", "contract_unknown")]
    [InlineData("/api/v1/contracts/none/cancel/", """{"reason": "x"}""", "contract_unknown")]
    [InlineData("/api/v1/contracts/none/cancel", """{"reason": "a\u0000b"}""", "text_invalid")]
    public async Task An_address_or_text_spelled_oddly_is_refused_like_any_other(string address, string body, string code)
    {
        using var client = await host.ClientAsync(Scopes.ContractsWrite);

        var response = await PostAsync(client, address, body, "odd");

        await ExpectAsync(response, response.StatusCode, code);
    }

    [Fact]
    public async Task An_address_of_any_length_is_answered()
    {
        using var client = await host.ClientAsync(Scopes.ContractsWrite);

        var response = await PostAsync(client, $"/api/v1/contracts/{new string('c', 600)}/cancel", """{"reason": "x"}""", "long");

        Assert.InRange((int)response.StatusCode, 400, 404);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string address, string body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(request, Token);
    }

    private static async Task<JsonObject> ExpectAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(code, problem["code"]!.GetValue<string>());
        Assert.Equal($"urn:decent:problem:{code}", problem["type"]!.GetValue<string>());
        return problem;
    }
}
