using Decent.Postgres;
using Npgsql;

namespace Decent.Api.Composition;

/// <summary>The two ways into the database: the application's role and the owner's, who migrates.</summary>
internal static class Databases
{
    /// <summary>Data source of the owner role.</summary>
    /// <exception cref="StartRefusedException">ConnectionStrings:DecentOwner is missing.</exception>
    public static NpgsqlDataSource Owner(IConfiguration configuration) =>
        NpgsqlDataSource.Create(Required(configuration, "DecentOwner"));

    /// <summary>Registers the application's data source.</summary>
    /// <exception cref="StartRefusedException">ConnectionStrings:Decent is missing.</exception>
    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        DapperSetup.Register();
        builder.Services.AddNpgsqlDataSource(Required(builder.Configuration, "Decent"));
        builder.Services.AddSingleton<Ids>();
    }

    private static string Required(IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } text
            ? text
            : throw new StartRefusedException($"ConnectionStrings:{name} is missing.");
}
