using System.Reflection;
using Decent.Ledger.Books;
using Decent.Ledger.Sequencing;
using Decent.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace Decent.Ledger;

/// <summary>The books as a module.</summary>
public static class LedgerModule
{
    /// <summary>Assembly with the migrations of schema <c>ledger</c>.</summary>
    public static Assembly Migrations => typeof(LedgerModule).Assembly;

    /// <summary>Registers <see cref="IBooks" />, <see cref="IBooksReader" /> and <see cref="IJournal" />; needs an
    /// <c>NpgsqlDataSource</c> of the host's role.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        DapperSetup.Register();
        services.AddSingleton<IBooks, Books.Books>();
        services.AddSingleton<IBooksReader, BooksReader>();
        services.AddSingleton<IJournal, JournalLog>();
        return services;
    }
}
