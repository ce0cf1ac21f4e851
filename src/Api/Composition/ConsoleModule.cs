using System.Net;
using Decent.AdminConsole;
using Decent.AdminConsole.Layout;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Authorization;

namespace Decent.Api.Composition;

/// <summary>The admin console inside the host: components, sign-in and sign-out.</summary>
internal static class ConsoleModule
{
    public static void AddConsole(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddAdminConsole();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddScoped<AuthenticationStateProvider, ConsoleRevalidation>();
        builder.Services.AddAntiforgery(options => options.Cookie.Name = "decent.form");
        builder.Services.TryAddBanner();
    }

    public static void MapConsole(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapGet("/", () => Results.Redirect("/console")).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/console/sign-in", SignInPage).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/console/sign-in", SignInAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        app.MapPost("/console/sign-out", (Delegate)SignOutAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(Scopes.ConsoleUse);
    }

    private static void TryAddBanner(this IServiceCollection services)
    {
        if (services.All(s => s.ServiceType != typeof(EnvironmentBanner)))
        {
            services.AddSingleton(new EnvironmentBanner(null));
        }
    }

    private static IResult SignInPage(HttpContext context, IAntiforgery antiforgery, EnvironmentBanner banner) =>
        Page(antiforgery.GetAndStoreTokens(context), banner, null, StatusCodes.Status200OK);

    private static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, ApiKeys keys, EnvironmentBanner banner)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Page(antiforgery.GetAndStoreTokens(context), banner, "The form had expired. Please try again.", StatusCodes.Status400BadRequest);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var caller = await keys.FindAsync(form["key"].ToString().Trim(), context.RequestAborted);
        if (caller is null || !caller.Scopes.Contains(Scopes.ConsoleUse, StringComparer.Ordinal))
        {
            return Page(
                antiforgery.GetAndStoreTokens(context), banner, "This key is unknown, revoked, or not for the console.", StatusCodes.Status401Unauthorized);
        }

        await context.SignInAsync(
            AuthenticationModule.ConsoleScheme, ApiKeyAuthentication.PrincipalOf(caller, AuthenticationModule.ConsoleScheme));
        return Results.Redirect("/console");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(AuthenticationModule.ConsoleScheme);
        return Results.Redirect("/console/sign-in");
    }

    private static IResult Page(AntiforgeryTokenSet tokens, EnvironmentBanner banner, string? error, int status)
    {
        var note = banner.Text is { } text ? $"<p class=\"environment\" role=\"note\">{WebUtility.HtmlEncode(text)}</p>" : "";
        var alert = error is null ? "" : $"<p class=\"error\" role=\"alert\">{WebUtility.HtmlEncode(error)}</p>";
        var html = $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Sign in · Decent</title>
            <link rel="icon" type="image/svg+xml" href="/_content/Decent.AdminConsole/icon.svg">
            <link rel="stylesheet" href="/_content/Decent.AdminConsole/sign-in.css">
            </head>
            <body><main>
            <h1>Decent</h1>
            <p>Payments and payouts of the marketplace.</p>
            {{note}}{{alert}}
            <form method="post" action="/console/sign-in">
            <input type="hidden" name="{{tokens.FormFieldName}}" value="{{WebUtility.HtmlEncode(tokens.RequestToken)}}">
            <label for="key">Operator key</label>
            <input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
            <button type="submit">Sign in</button>
            </form>
            </main></body></html>
            """;
        return Results.Content(html, "text/html; charset=utf-8", statusCode: status);
    }
}
