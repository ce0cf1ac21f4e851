using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;

namespace Decent.Api.Composition;

/// <summary>Who calls: API keys for services, a cookie for the console; everything else is refused by default.</summary>
internal static class AuthenticationModule
{
    public const string ConsoleScheme = "Console";
    private const string Selector = "Selector";

    public static void AddCallers(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ApiKeys>();
        services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null, options => options.ForwardDefaultSelector = context =>
                IsConsole(context.Request.Path) ? ConsoleScheme : ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddCookie(ConsoleScheme, options =>
            {
                options.Cookie.Name = "decent.console";
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Strict;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = TimeSpan.FromHours(8);
                options.SlidingExpiration = true;
                options.LoginPath = "/console/sign-in";
                options.AccessDeniedPath = "/console/sign-in";
            });
        services.AddAuthorization(options =>
        {
            options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
            foreach (var scope in Scopes.All)
            {
                options.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().RequireClaim(ApiKeyAuthentication.ScopeClaim, scope));
            }
        });
        services.AddDataProtection().SetApplicationName("decent");
        services.AddOptions<KeyManagementOptions>().Configure<NpgsqlDataSource>((options, dataSource) =>
            options.XmlRepository = new DataProtectionStore(dataSource));
    }

    private static bool IsConsole(PathString path) =>
        !path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
